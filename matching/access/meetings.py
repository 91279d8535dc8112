"""Who may open what about 1:1 meetings.

Staff sets up and computes; for everybody else these pages do not exist. A participant opens their
own pages with the link of their registration, or signed in.
"""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.people import Person
from events.access import get_registration_by_token, visible_events
from events.models import Event, Registration
from events.querysets.registration import TAKING_A_PLACE
from matching.access.office import require_staff
from matching.models import Meeting, MeetingParticipant, MeetingPlan


def get_event_for_meetings(user: Person, slug: str) -> Event:
    """Return an event staff may give meetings."""
    require_staff(user)
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    return event


def get_plan_for_staff(user: Person, slug: str) -> MeetingPlan:
    """Return the meetings of an event, for staff."""
    event = get_event_for_meetings(user, slug)
    plan: MeetingPlan = get_object_or_404(MeetingPlan, event=event)
    plan.event = event
    return plan


def get_participant_for_staff(user: Person, slug: str, pk: int) -> MeetingParticipant:
    """Return one participant of an event's meetings, for staff."""
    plan = get_plan_for_staff(user, slug)
    rows: Any = plan.participants.with_person()
    participant: MeetingParticipant = get_object_or_404(rows, pk=pk)
    participant.plan = plan
    return participant


def get_meeting_for_staff(user: Person, slug: str, pk: int) -> tuple[MeetingPlan, Meeting]:
    """Return a meeting of the timetable staff works on, with its plan."""
    plan = get_plan_for_staff(user, slug)
    rows: Any = plan.meetings.planned().with_people()
    meeting: Meeting = get_object_or_404(rows, pk=pk)
    return plan, meeting


def get_registration_for_meetings(token: str) -> tuple[Registration, MeetingPlan]:
    """Return the registration a link stands for, and the meetings of its event."""
    registration = get_registration_by_token(token)
    return registration, _plan_of(registration)


def get_own_registration_for_meetings(user: User, slug: str) -> Registration:
    """Return the person's own registration for an event that has meetings."""
    event = get_object_or_404(visible_events(user), slug=slug)
    own: Any = Registration.objects.of_user(user)
    rows = own.filter(event=event, state__in=TAKING_A_PLACE).order_by("pk")
    registration: Registration = get_object_or_404(rows[:1])
    _plan_of(registration)
    return registration


def _plan_of(registration: Registration) -> MeetingPlan:
    plan = MeetingPlan.objects.filter(event=registration.event_id).first()
    if plan is None or registration.state not in TAKING_A_PLACE:
        raise Http404
    plan.event = registration.event
    return plan


def own_participant(registration: Registration, plan: MeetingPlan) -> MeetingParticipant | None:
    """Return the person as a participant of meetings; None when they have not joined, or left."""
    found: MeetingParticipant | None = (
        plan.participants.filter(registration=registration, left_at=None)
        .select_related("registration__cluster")
        .first()
    )
    return found


def get_own_meeting(participant: MeetingParticipant, pk: int) -> Meeting:
    """Return one of the meetings a person knows of."""
    rows: Any = Meeting.objects.announced().of_participant(participant)
    meeting: Meeting = get_object_or_404(rows, pk=pk)
    return meeting
