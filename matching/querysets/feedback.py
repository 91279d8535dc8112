"""Feedback, digests and pairs once suggested."""

from typing import Any, Self

from django.db import models
from django.utils import timezone

from accounts.people import Person
from clusters.models import Cluster
from matching.choices import FeedbackKind


class FeedbackQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """What clusters say that the person manages; for staff all. Never what others say."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        return self.filter(cluster__in=Cluster.objects.managed_by(user).values("pk"))

    def in_force(self) -> Self:
        """Feedback that hides a partner today."""
        return self.filter(until__gt=timezone.localdate())

    def put_off(self) -> Self:
        """Partners put off until a day to come."""
        return self.in_force().filter(kind=FeedbackKind.LATER)

    def unsuitable(self) -> Self:
        """Partners found unsuitable within the last twelve months."""
        return self.in_force().filter(kind=FeedbackKind.UNSUITABLE)

    def pairs(self) -> set[tuple[int, int]]:
        """Return (cluster, partner) ids: the partner is hidden from the cluster's list."""
        return set(self.order_by().values_list("cluster_id", "partner_id"))


class DigestQuerySet(models.QuerySet[Any]):
    def due(self, now: Any, week: Any) -> Self:
        """Subscriptions that got no digest within the last ``week``."""
        return self.filter(
            models.Q(sent_at=None) | models.Q(sent_at__lte=now - week), user__is_active=True
        )
