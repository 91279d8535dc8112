"""Words for registrations and places in sessions."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from events.choices import PlaceState, RegistrationState

TAKING_A_PLACE = (RegistrationState.REGISTERED, RegistrationState.ATTENDED)
# An offered place is kept free for the one it is offered to.
HOLDING_A_PLACE = (*TAKING_A_PLACE, RegistrationState.OFFERED)
GONE = (RegistrationState.CANCELLED, RegistrationState.DECLINED)


class RegistrationQuerySet(models.QuerySet[Any]):
    def taking_a_place(self) -> Self:
        """Participants: who only waits or was offered a place is none (yet)."""
        return self.filter(state__in=TAKING_A_PLACE)

    def holding_a_place(self) -> Self:
        """What counts against the capacity: participants and open offers."""
        return self.filter(state__in=HOLDING_A_PLACE)

    def queue(self) -> Self:
        """The waiting list, in order of arrival."""
        return self.filter(state=RegistrationState.WAITING).order_by("waiting_since", "pk")

    def active(self) -> Self:
        """Taking part, waiting for approval or for a place."""
        return self.exclude(state__in=GONE)

    def of_user(self, user: User) -> Self:
        return self.filter(Q(user=user) | Q(email__iexact=user.email))


class SessionPlaceQuerySet(models.QuerySet[Any]):
    def held(self) -> Self:
        return self.filter(state=PlaceState.HELD)

    def counting(self) -> Self:
        """What counts against the session's capacity: held places and open offers."""
        return self.filter(state__in=(PlaceState.HELD, PlaceState.OFFERED))

    def queue(self) -> Self:
        """The session's waiting list, in order of arrival."""
        return self.filter(state=PlaceState.WAITING).order_by("waiting_since", "pk")
