"""A person's own meetings, as they were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from events.querysets.registration import TAKING_A_PLACE
from matching.meetings.words import cluster_of, name_of, span
from matching.models import Meeting, MeetingFeedback, MeetingParticipant


@dataclass(frozen=True, slots=True)
class OwnMeeting:
    """One meeting, with the form for feedback once it has begun."""

    meeting: Meeting
    partner: MeetingParticipant
    time: str
    feedback: MeetingFeedback | None
    is_over: bool
    is_off: bool
    """The other person withdrew; the office has not written yet."""

    @property
    def name(self) -> str:
        return name_of(self.partner)

    @property
    def cluster(self) -> str:
        return cluster_of(self.partner)


def own_meetings(me: MeetingParticipant | None) -> list[OwnMeeting]:
    """Return the meetings a person knows of, in order. Two queries."""
    if me is None:
        return []
    rows: Any = Meeting.objects.announced().of_participant(me).with_people()
    given = {one.meeting_id: one for one in MeetingFeedback.objects.filter(participant=me)}
    now = timezone.now()
    found = []
    for one in rows.order_by("told_start", "pk"):
        partner = one.second if one.first_id == me.pk else one.first
        is_off = partner.left_at is not None or partner.registration.state not in TAKING_A_PLACE
        time = span(one.told_start, one.told_end)
        is_over = one.told_start <= now
        found.append(OwnMeeting(one, partner, time, given.get(one.pk), is_over, is_off))
    return found
