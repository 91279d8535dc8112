from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.people import Person
from events.choices import EventStatus

PUBLIC_STATUSES = (EventStatus.PUBLISHED, EventStatus.CANCELLED)


class EventQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """Events everybody may read; a cancelled one stays readable and says so."""
        return self.filter(status__in=PUBLIC_STATUSES)

    def waiting(self) -> Self:
        """Proposed by a cluster and not decided yet: staff's queue."""
        return self.filter(status=EventStatus.SUBMITTED)

    def upcoming(self) -> Self:
        """Not over yet, the next one first."""
        ends = Coalesce("ends_at", "starts_at")
        return self.annotate(over_at=ends).filter(over_at__gte=timezone.now()).order_by("starts_at")

    def past(self) -> Self:
        """Over, the latest first."""
        ends = Coalesce("ends_at", "starts_at")
        return self.annotate(over_at=ends).filter(over_at__lt=timezone.now()).order_by("-starts_at")

    def visible_to(self, user: Person) -> Self:
        """Published events; for members also what their cluster proposed; for staff all."""
        if not user.is_authenticated:
            return self.published()
        if user.is_staff:
            return self
        own = Q(author=user) | Q(
            proposed_by__in=user.memberships.filter(ended_at=None).values("cluster")
        )
        return self.filter(Q(status__in=PUBLIC_STATUSES) | own)


class InvitationQuerySet(models.QuerySet[Any]):
    def unanswered(self) -> Self:
        return self.filter(answer="")

    def of_user(self, user: User) -> Self:
        """Invitations that reached the person's account or address."""
        return self.filter(Q(user=user) | Q(email__iexact=user.email))
