"""Words for minutes and documents: who may read what."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from accounts.people import Person
from clusters.models import Cluster, Membership
from events.choices import AccessLevel, MinutesKind
from events.querysets.event import PUBLIC_STATUSES
from topics.choices import ActionState


def _levels(user: Person) -> Q:
    """Return which levels ``user`` may read; rows have an ``event`` and a ``level``."""
    allowed = Q(level=AccessLevel.PUBLIC)
    if not user.is_authenticated:
        return allowed
    if Membership.objects.active().filter(user=user).exists():
        allowed |= Q(level=AccessLevel.CLUSTERS)
    # Who registered from a mail has no account behind the registration, only the address.
    registrations: Any = user.registrations.model.objects
    own = registrations.of_user(user).taking_a_place().values("event")
    return allowed | (Q(event__in=own) & ~Q(level=AccessLevel.STAFF))


class MinutesItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Published items of the reader's level; staff reads all, published or not."""
        if user.is_staff:
            return self
        return self.published().filter(_levels(user))

    def published(self) -> Self:
        """Items of minutes that were handed out, of events that are public."""
        return self.filter(
            event__minutes_published_at__isnull=False, event__status__in=PUBLIC_STATUSES
        )

    def for_participants(self) -> Self:
        """What whoever took part may read, with or without an account."""
        return self.published().exclude(level=AccessLevel.STAFF)

    def editable_by(self, user: Person) -> Self:
        """All for staff; for others, who moderate the event, what is not for the office alone."""
        return self if user.is_staff else self.exclude(level=AccessLevel.STAFF)

    def open_actions(self) -> Self:
        return self.filter(kind=MinutesKind.ACTION, state=ActionState.OPEN)

    def actions_of(self, user: Person) -> Self:
        """Actions the person's clusters have taken on, for their managers to look after.

        Whoever has to do something may read what it is, whether they took part or not.
        """
        return self.for_participants().filter(
            kind=MinutesKind.ACTION, owner__in=Cluster.objects.managed_by(user).values("pk")
        )

    def with_row_data(self) -> Self:
        """Everything a list shows of an item, in one query."""
        return self.select_related("session", "topic", "owner")

    def in_reading_order(self) -> Self:
        """By part of the programme, what concerns the whole event first."""
        first = F("session__position").asc(nulls_first=True)
        return self.order_by(first, "session_id", "position", "pk")


class SessionDocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Documents of public events on the reader's level; staff reads all."""
        if user.is_staff:
            return self
        return self.filter(_levels(user), event__status__in=PUBLIC_STATUSES)

    def for_participants(self) -> Self:
        """What whoever took part may read, with or without an account."""
        return self.filter(event__status__in=PUBLIC_STATUSES).exclude(level=AccessLevel.STAFF)
