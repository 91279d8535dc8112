"""Words for the mails of a mailing."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from core.choices import MailState
from events.choices import Answer, EventStatus, MailOccasion
from events.querysets.registration import GONE


class MailingQuerySet(models.QuerySet[Any]):
    def with_numbers(self) -> Self:
        """Add how many mails each has, and how many of them were sent or failed."""
        state = "mails__mail__state"
        gone = Q(mails__queued_at__isnull=False, mails__mail=None) & ~Q(mails=None)
        return self.annotate(
            number=Count("mails"),
            sent=Count("mails", filter=gone | Q(**{state: MailState.SENT})),
            failed=Count("mails", filter=Q(**{state: MailState.FAILED})),
        ).order_by("-scheduled_at", "-id")


class MailingMailQuerySet(models.QuerySet[Any]):
    def unwritten(self) -> Self:
        """Recipients whose mail was not handed to ``core.mail`` yet."""
        return self.filter(queued_at=None)

    def overtaken(self) -> Self:
        """Recipients for whom the mail no longer makes sense: they answered or withdrew."""
        answered = Q(mailing__occasion=MailOccasion.REMINDER) & ~Q(invitation__answer="")
        gone = Q(registration__state__in=GONE) | Q(invitation__answer=Answer.NO)
        withdrew = Q(mailing__occasion=MailOccasion.BEFORE) & gone
        registered = Q(mailing__occasion=MailOccasion.REMINDER, registration__isnull=False)
        return self.filter(
            answered | registered | withdrew | ~Q(mailing__event__status=EventStatus.PUBLISHED)
        )

    def with_delivery(self) -> Self:
        """Add ``delivery``: where the mail stands, a value of ``MailState``."""
        return self.annotate(
            delivery=Case(
                When(queued_at=None, then=Value(MailState.QUEUED.value)),
                # The mail's row is deleted some time after it has gone out.
                When(mail=None, then=Value(MailState.SENT.value)),
                default=F("mail__state"),
                output_field=models.CharField(),
            )
        )

    def totals(self) -> dict[str, int]:
        """Count mails by state of delivery, in one query; ``pending`` still have to go out."""
        counted = dict.fromkeys([state.value for state in MailState], 0)
        groups = self.with_delivery().order_by().values_list("delivery").annotate(Count("pk"))
        for delivery, number in groups:
            counted[delivery] += number
        counted["total"] = sum(counted.values())
        counted["pending"] = counted["queued"] + counted["sending"] + counted["paused"]
        return counted
