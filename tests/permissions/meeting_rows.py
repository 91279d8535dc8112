"""Meetings of an event nobody outside staff sees, and of a registration with a link."""

from datetime import timedelta

from events.tokens import make_registration_token
from tests.factories import make_event
from tests.matching.meeting_rows import make_meeting, make_participant, make_plan
from tests.permissions.parameters import House


def furnish_meetings(house: House) -> None:
    """Give the house an event with meetings, two people and one meeting of them."""
    event = make_event(slug="encounter", ends_at=None)
    plan = make_plan(event)
    one = make_participant(plan, registration_user=house.world.member)
    other = make_participant(plan)
    meeting = make_meeting(plan, one, other)
    meeting.told_start, meeting.told_end = plan.start_of(0), plan.end_of(0) + timedelta(minutes=1)
    meeting.told_table = 1
    meeting.save()
    token = make_registration_token(one.registration_id)
    house.put(
        "matching:meeting-wishes matching:meeting-timetable matching:meeting-calendar"
        " matching:meeting-leave",
        token=token,
    )
    house.put("matching:meeting-feedback", token=token, pk=meeting.pk)
    house.put(
        "matching:my-meetings matching:meetings matching:meeting-setup matching:meeting-delete"
        " matching:meeting-ask matching:meeting-ask-feedback matching:meeting-compute"
        " matching:meeting-stop matching:meeting-publish matching:meeting-print",
        slug="encounter",
    )
    house.put("matching:meeting-table", slug="encounter", ending="csv")
    house.put("matching:meeting-person", slug="encounter", pk=one.pk)
    house.put(
        "matching:meeting-edit matching:meeting-lock matching:meeting-remove",
        slug="encounter",
        pk=meeting.pk,
    )
