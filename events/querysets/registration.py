"""Words for registrations and places in sessions."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.people import Person
from events.choices import PlaceState, RegistrationState

TAKING_A_PLACE = (RegistrationState.REGISTERED, RegistrationState.ATTENDED)
# An offered place is kept free for the one it is offered to.
HOLDING_A_PLACE = (*TAKING_A_PLACE, RegistrationState.OFFERED)
GONE = (RegistrationState.CANCELLED, RegistrationState.DECLINED)

# Rows from before there were times in the queue stand where they were made.
_ARRIVED = Coalesce("waiting_since", "created_at")


class _Queue(models.QuerySet[Any]):
    """What the waiting lists of events and of sessions have in common."""

    def ahead_of(self, row: Any) -> Self:
        """Who stands before ``row`` in the same waiting list."""
        since = row.waiting_since or row.created_at
        return self.annotate(arrived=_ARRIVED).filter(
            Q(arrived__lt=since) | Q(arrived=since, pk__lt=row.pk)
        )

    def _with_position(self, list_of: str, waiting: str) -> Self:
        """Add ``position`` in the waiting list, counted from 1; None for who does not wait."""
        since = Coalesce(OuterRef("waiting_since"), OuterRef("created_at"))
        ahead = (
            self.model._default_manager.filter(**{list_of: OuterRef(list_of)}, state=waiting)
            .annotate(arrived=_ARRIVED)
            .filter(Q(arrived__lt=since) | Q(arrived=since, pk__lte=OuterRef("pk")))
            .order_by()
            .values(list_of)
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(
            position=models.Case(
                models.When(state=waiting, then=Subquery(ahead)),
                default=None,
                output_field=models.IntegerField(),
            )
        )


class RegistrationQuerySet(_Queue):
    def visible_to(self, user: Person) -> Self:
        """The person's own registrations; all for staff."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff else self.of_user(user)

    def taking_a_place(self) -> Self:
        """Participants: who only waits or was offered a place is none (yet)."""
        return self.filter(state__in=TAKING_A_PLACE)

    def reachable(self) -> Self:
        """Participants with an address who get mails; examples get none."""
        return self.taking_a_place().filter(is_example=False).exclude(email="")

    def holding_a_place(self) -> Self:
        """What counts against the capacity: participants and open offers."""
        return self.filter(state__in=HOLDING_A_PLACE)

    def queue(self) -> Self:
        """The waiting list, in order of arrival."""
        return self.filter(state=RegistrationState.WAITING).order_by(_ARRIVED, "pk")

    def with_position(self) -> Self:
        return self._with_position("event", RegistrationState.WAITING)

    def active(self) -> Self:
        """Taking part, waiting for approval or for a place."""
        return self.exclude(state__in=GONE)

    def of_user(self, user: User) -> Self:
        return self.filter(Q(user=user) | Q(email__iexact=user.email))

    def totals(self) -> dict[str, int]:
        """Count registrations by state, in one query."""
        counted: dict[str, int] = self.aggregate(
            total=Count("pk"),
            **{s.value: Count("pk", filter=Q(state=s.value)) for s in RegistrationState},
        )
        return counted

    def with_lapsed_offer(self) -> Self:
        return self.filter(state=RegistrationState.OFFERED, offer_expires_at__lte=timezone.now())


class SessionPlaceQuerySet(_Queue):
    def held(self) -> Self:
        return self.filter(state=PlaceState.HELD)

    def counting(self) -> Self:
        """What counts against the session's capacity: held places and open offers."""
        return self.filter(state__in=(PlaceState.HELD, PlaceState.OFFERED))

    def queue(self) -> Self:
        """The session's waiting list, in order of arrival."""
        return self.filter(state=PlaceState.WAITING).order_by(_ARRIVED, "pk")

    def with_position(self) -> Self:
        return self._with_position("session", PlaceState.WAITING)

    def with_lapsed_offer(self) -> Self:
        return self.filter(state=PlaceState.OFFERED, offer_expires_at__lte=timezone.now())
