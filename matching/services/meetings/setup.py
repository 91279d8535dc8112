"""Staff sets up the meetings of an event and asks its people for their wishes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.choices import EventStatus
from events.dates import is_over
from events.models import Event, Registration
from matching import mails
from matching.choices import PlanState
from matching.models import MeetingPlan
from matching.services.meetings.shared import lock_plan

FIELDS = (
    "starts_at",
    "slots",
    "slot_minutes",
    "pause_minutes",
    "tables",
    "minimum",
    "place",
    "wishes_until",
)


@transaction.atomic
def save_plan(*, user: User, event: Event, values: Mapping[str, Any]) -> MeetingPlan:
    """Set up the meetings of an event, or change times, tables and rules.

    ``values`` are those of ``FIELDS``. Meetings that no longer fit stay where they are and are
    shown to staff as such; nobody is told before the timetable is published again.

    :raises DomainError: when the event is over or not on the clock of its meetings.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if is_over(event) or event.status == EventStatus.CANCELLED:
        raise DomainError(_("This event is over or cancelled."), code="over")
    plan = MeetingPlan.objects.select_for_update(of=("self",)).filter(event=event).first()
    plan = plan or MeetingPlan(event=event, author=user)
    plan.event = event
    for name in FIELDS:
        setattr(plan, name, values[name])
    if plan.wishes_until and plan.wishes_until > plan.starts_at:
        raise DomainError(
            _("Wishes must end before the first meeting begins."), field="wishes_until", code="late"
        )
    plan.save()
    return plan


@transaction.atomic
def delete_plan(*, user: User, event: Event) -> None:
    """Call the meetings off before they were published; wishes go with them.

    :raises DomainError: when people have been told their meetings.
    """
    plan = lock_plan(event)
    if plan.meetings.announced().exists():
        raise DomainError(
            _("People know their meetings already. Remove the meetings and publish that first."),
            code="published",
        )
    plan.delete()


def people_to_ask(plan: MeetingPlan) -> Any:
    """Return who could be asked for wishes: participants whom a mail reaches."""
    people: Any = Registration.objects.filter(event=plan.event)
    return people.reachable().filter(
        Q(meeting_participant=None) | Q(meeting_participant__left_at=None)
    )


@transaction.atomic
def ask_for_wishes(*, user: User, event: Event) -> int:
    """Write to everybody who is registered how to take part; returns how many mails.

    :raises DomainError: when wishes are closed, or the event is not published.
    """
    plan = lock_plan(event)
    if event.status != EventStatus.PUBLISHED or is_over(event):
        raise DomainError(
            _("People can be asked while the event is published and not over."), code="wrong_state"
        )
    if plan.wishes_until and plan.wishes_until <= timezone.now():
        raise DomainError(_("Wishes are closed. Please set a later end first."), code="closed")
    told = mails.meeting_wishes_asked(plan, people_to_ask(plan))
    plan.invited_at = timezone.now()
    plan.save(update_fields=["invited_at", "updated_at"])
    return told


@transaction.atomic
def ask_for_feedback(*, user: User, event: Event) -> int:
    """Ask everybody who had meetings how they were; returns how many mails.

    :raises DomainError: before the first meeting, or when nobody knows of any.
    """
    plan = lock_plan(event)
    if plan.state != PlanState.PUBLISHED or plan.starts_at > timezone.now():
        raise DomainError(_("The meetings have not begun yet."), code="early")
    had = plan.meetings.announced()
    people: Any = Registration.objects.filter(
        Q(meeting_participant__in=had.values("first"))
        | Q(meeting_participant__in=had.values("second")),
        event=event,
    )
    return mails.meeting_feedback_asked(plan, people.reachable())
