"""Words for minutes and documents: who may read what."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.people import Person
from clusters.models import Membership
from events.choices import AccessLevel, MinutesKind
from events.querysets.registration import TAKING_A_PLACE
from topics.choices import ActionState


def _levels(user: Person) -> Q:
    """Return which levels ``user`` may read; rows have an ``event`` and a ``level``."""
    allowed = Q(level=AccessLevel.PUBLIC)
    if not user.is_authenticated:
        return allowed
    if Membership.objects.active().filter(user=user).exists():
        allowed |= Q(level=AccessLevel.CLUSTERS)
    own = user.registrations.filter(state__in=TAKING_A_PLACE).values("event")
    return allowed | (Q(event__in=own) & ~Q(level=AccessLevel.STAFF))


class MinutesItemQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Published items of the reader's level; staff reads all, published or not."""
        if user.is_staff:
            return self
        return self.filter(_levels(user), event__minutes_published_at__isnull=False)

    def open_actions(self) -> Self:
        return self.filter(kind=MinutesKind.ACTION, state=ActionState.OPEN)


class SessionDocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Documents of the reader's level; staff reads all."""
        return self if user.is_staff else self.filter(_levels(user))
