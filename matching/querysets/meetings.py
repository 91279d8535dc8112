"""Words for 1:1 meetings."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from events.querysets.registration import TAKING_A_PLACE
from matching.choices import SolvingState

OPEN_STATES = (SolvingState.WAITING, SolvingState.RUNNING)


class MeetingParticipantQuerySet(models.QuerySet[Any]):
    def taking_part(self) -> Self:
        """Who opted in, did not leave, and still takes part in the event."""
        return self.filter(left_at=None, registration__state__in=TAKING_A_PLACE)

    def with_person(self) -> Self:
        """What a list shows of a person."""
        return self.select_related("registration", "registration__cluster")

    def by_name(self) -> Self:
        return self.order_by("registration__name", "registration__email", "pk")


class MeetingQuerySet(models.QuerySet[Any]):
    def planned(self) -> Self:
        """Meetings in the timetable staff works on."""
        return self.exclude(slot=None)

    def announced(self) -> Self:
        """Meetings as their participants know them."""
        return self.exclude(told_start=None)

    def of_participant(self, participant: Any) -> Self:
        return self.filter(Q(first=participant) | Q(second=participant))

    def with_people(self) -> Self:
        return self.select_related("first__registration__cluster", "second__registration__cluster")


class MeetingSolvingQuerySet(models.QuerySet[Any]):
    def at_work(self) -> Self:
        """Computations that wait or run."""
        return self.filter(state__in=OPEN_STATES)
