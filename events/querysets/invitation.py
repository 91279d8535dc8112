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
        """Count invitations by state of delivery and by answer, in one query.

        ``pending`` still have to go out, ``bounced`` came back later, ``doubtful`` may have
        arrived twice; the last two are among ``sent``.
        """
        states = [state.value for state in MailState]
        answers = [answer.value for answer in Answer]
        names = [*states, *answers, "total", "answered", "bounced", "doubtful"]
        counted = dict.fromkeys(names, 0)
        groups = (
            self.with_delivery()
            .order_by()
            .values("delivery", "answer")
            .annotate(
                came_back=_is_known("mail__bounced_at"),
                doubted=_is_known("mail__doubtful_at"),
                number=Count("*"),
            )
            .values_list("delivery", "answer", "came_back", "doubted", "number")
        )
        for delivery, answer, bounced, doubtful, number in groups:
            counted["total"] += number
            counted[delivery] += number
            if answer:
                counted[answer] += number
                counted["answered"] += number
            counted["bounced"] += number * bounced
            counted["doubtful"] += number * doubtful
        counted["pending"] = counted["queued"] + counted["sending"] + counted["paused"]
        return counted


def _is_known(name: str) -> Any:
    return models.ExpressionWrapper(
        Q(**{f"{name}__isnull": False}), output_field=models.BooleanField()
    )
