"""Words for invitations: answered or not, and where their mails stand."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from accounts.models import User
from accounts.people import Person
from core.choices import MailState
from events.choices import Answer


class InvitationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """All for staff; nobody else reads who was invited."""
        return self if user.is_staff else self.none()

    def unanswered(self) -> Self:
        return self.filter(answer="")

    def of_user(self, user: User) -> Self:
        """Invitations that reached the person's account or address."""
        return self.filter(Q(user=user) | Q(email__iexact=user.email))

    def unmailed(self) -> Self:
        """Rows whose mail has not been written yet; examples never get one."""
        return self.filter(queued_at=None, is_example=False)

    def with_delivery(self) -> Self:
        """Add ``delivery``: where the mail stands, a value of ``MailState``."""
        return self.annotate(
            delivery=Case(
                When(is_example=True, then=Value(MailState.SENT.value)),
                When(queued_at=None, then=Value(MailState.QUEUED.value)),
                # The mail's row is deleted some time after it has gone out.
                When(mail=None, is_undelivered=True, then=Value(MailState.FAILED.value)),
                When(mail=None, then=Value(MailState.SENT.value)),
                default=F("mail__state"),
                output_field=models.CharField(),
            )
        )

    def totals(self) -> dict[str, int]:
        """Count invitations by state of delivery and by answer, in one query."""
        counted = self.with_delivery().aggregate(
            total=Count("pk"),
            **{state.value: Count("pk", filter=Q(delivery=state.value)) for state in MailState},
            **{answer.value: Count("pk", filter=Q(answer=answer.value)) for answer in Answer},
        )
        counted["pending"] = counted["queued"] + counted["sending"] + counted["paused"]
        counted["answered"] = sum(counted[answer.value] for answer in Answer)
        return counted
