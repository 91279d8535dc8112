"""What the form for new meetings begins with."""

from datetime import timedelta

from events.models import Event
from matching.models import MeetingPlan


def new_plan(event: Event) -> MeetingPlan:
    """Return meetings as most events have them, not stored: eight rounds of twenty minutes."""
    return MeetingPlan(
        event=event,
        starts_at=event.starts_at,
        slots=8,
        slot_minutes=20,
        pause_minutes=5,
        tables=10,
        minimum=2,
        place=event.venue,
        wishes_until=event.starts_at - timedelta(days=3),
    )
