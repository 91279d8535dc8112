"""A person's own meetings, as they were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

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
    return [
        OwnMeeting(
            one,
            one.second if one.first_id == me.pk else one.first,
            span(one.told_start, one.told_end),
            given.get(one.pk),
            one.told_start <= now,
        )
        for one in rows.order_by("told_start", "pk")
    ]
