"""A participant joins, says when they are there and whom they would like to meet."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from events.choices import EventStatus
from events.dates import is_over
from events.models import Registration
from events.querysets.registration import TAKING_A_PLACE
from matching.choices import Wish
from matching.models import MeetingParticipant, MeetingPlan, MeetingWish
from matching.services.meetings.shared import lock_plan


def takes_wishes(plan: MeetingPlan) -> bool:
    """Tell whether people may join and mark wishes now."""
    until = plan.wishes_until or plan.starts_at
    return (
        plan.event.status == EventStatus.PUBLISHED
        and not is_over(plan.event)
        and until > timezone.now()
    )


def _open_plan(registration: Registration) -> MeetingPlan:
    plan = lock_plan(registration.event)
    if not takes_wishes(plan):
        raise DomainError(_("Wishes can no longer be changed."), code="closed")
    state = Registration.objects.values_list("state", flat=True).get(pk=registration.pk)
    if state not in TAKING_A_PLACE:
        raise DomainError(_("You have no place at this event."), code="not_registered")
    return plan


@transaction.atomic
def join_meetings(
    *, registration: Registration, introduction: str, there: Collection[int]
) -> MeetingParticipant:
    """Take part in the meetings, or change the introduction and the rounds one is there.

    Whoever holds the link of the registration, or is the person, may do that.

    :raises DomainError: when wishes are closed, or the person has no place at the event.
    """
    plan = _open_plan(registration)
    away = sorted(set(range(plan.slots)) - set(there))
    if len(away) == plan.slots:
        raise DomainError(
            _("Please choose at least one round in which you are there."),
            field="there",
            code="never",
        )
    found, __ = MeetingParticipant.objects.update_or_create(
        registration=registration,
        defaults={"plan": plan, "introduction": introduction, "away": away, "left_at": None},
    )
    return found


@transaction.atomic
def save_meeting_wishes(*, registration: Registration, marks: Mapping[int, str]) -> int:
    """Store what a person marked about others (participant ids); an empty mark says nothing.

    Marks about others than these stay as they are. Returns how many people are wished for now.

    :raises DomainError: when wishes are closed, or the person has not joined or has no place.
    """
    plan = _open_plan(registration)
    me = MeetingParticipant.objects.filter(
        registration=registration, plan=plan, left_at=None
    ).first()
    if me is None:
        raise DomainError(_("Please take part in the meetings first."), code="not_joined")
    known = set(
        plan.participants.exclude(pk=me.pk).filter(pk__in=marks).values_list("pk", flat=True)
    )
    me.wishes.filter(other__in=known).delete()
    MeetingWish.objects.bulk_create(
        MeetingWish(participant=me, other_id=pk, wish=Wish(marks[pk]))
        for pk in sorted(known)
        if marks[pk]
    )
    wanted: int = me.wishes.filter(wish=Wish.WANT).count()
    return wanted


@transaction.atomic
def leave_meetings(*, registration: Registration) -> None:
    """Take no part in meetings any more; staff sees which meetings are left without a partner.

    :raises DomainError: when the person does not take part.
    """
    plan = lock_plan(registration.event)
    left = MeetingParticipant.objects.filter(registration=registration, plan=plan, left_at=None)
    if not left.update(left_at=timezone.now(), updated_at=timezone.now()):
        raise DomainError(_("You do not take part in the meetings."), code="not_joined")
