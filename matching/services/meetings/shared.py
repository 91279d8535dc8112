"""What the verbs about meetings have in common."""

from django.utils.translation import gettext as _

from core.errors import DomainError
from events.models import Event
from matching.models import MeetingPlan


def lock_plan(event: Event) -> MeetingPlan:
    """Lock the plan's row: everything that changes a timetable waits for its turn here.

    :raises DomainError: when the event has no meetings (any more).
    """
    plan = MeetingPlan.objects.select_for_update(of=("self",)).filter(event=event).first()
    if plan is None:
        raise DomainError(_("This event has no 1:1 meetings any more."), code="no_plan")
    plan.event = event
    return plan
