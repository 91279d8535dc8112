"""Rows for tests of 1:1 meetings: plain functions, every value overridable."""

from datetime import timedelta
from typing import Any

from clusters.models import Cluster
from events.models import Event
from matching.models import Meeting, MeetingParticipant, MeetingPlan, MeetingWish
from matching.timetable import pair_of
from tests.factories import make_event, make_registration


def make_plan(event: Event | None = None, **fields: Any) -> MeetingPlan:
    """Four rounds of twenty minutes at two tables, from the beginning of an event in a week."""
    event = event or make_event(ends_at=None)
    values: dict[str, Any] = {
        "event": event,
        "starts_at": event.starts_at,
        "slots": 4,
        "slot_minutes": 20,
        "pause_minutes": 5,
        "tables": 2,
        "minimum": 1,
        "wishes_until": event.starts_at - timedelta(hours=1),
    }
    plan: MeetingPlan = MeetingPlan.objects.create(**{**values, **fields})
    return plan


def make_participant(
    plan: MeetingPlan, cluster: Cluster | None = None, **fields: Any
) -> MeetingParticipant:
    """Somebody registered who takes part, always there; ``registration_…`` sets their fields."""
    own = {
        name.removeprefix("registration_"): fields.pop(name)
        for name in list(fields)
        if name.startswith("registration_")
    }
    registration = make_registration(plan.event, cluster=cluster, **own)
    participant: MeetingParticipant = MeetingParticipant.objects.create(
        plan=plan, registration=registration, **fields
    )
    return participant


def wish(one: MeetingParticipant, other: MeetingParticipant, mark: str = "want") -> None:
    MeetingWish.objects.create(participant=one, other=other, wish=mark)


def make_meeting(
    plan: MeetingPlan,
    one: MeetingParticipant,
    other: MeetingParticipant,
    slot: int = 0,
    table: int = 1,
    **fields: Any,
) -> Meeting:
    """A meeting in the timetable nobody has been told of."""
    first, second = pair_of(one.pk, other.pk)
    meeting: Meeting = Meeting.objects.create(
        plan=plan, first_id=first, second_id=second, slot=slot, table=table, **fields
    )
    return meeting
