"""Introductions: who may see them, and what is due."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.people import Person
from clusters.models import Cluster
from matching.choices import OPEN_STATES, IntroductionState, SideAnswer


class IntroductionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Those of clusters the person manages; for staff all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        managed = Cluster.objects.managed_by(user).values("pk")
        return self.filter(Q(asker__in=managed) | Q(partner__in=managed))

    def of_pair(self, one: int, other: int) -> Self:
        """Those between two clusters (ids), whoever asked."""
        return self.filter(Q(asker=one, partner=other) | Q(asker=other, partner=one))

    def of_cluster(self, cluster: int) -> Self:
        """Those of one cluster (id), on either side."""
        return self.filter(Q(asker=cluster) | Q(partner=cluster))

    def open(self) -> Self:
        """Neither over nor withdrawn: a pair has one at most."""
        return self.filter(state__in=OPEN_STATES)

    def asked(self) -> Self:
        return self.filter(state=IntroductionState.ASKED)

    def agreed(self) -> Self:
        """Both sides have agreed, and it is not closed."""
        return self.filter(state__in=(IntroductionState.AGREED, IntroductionState.MET))

    def over(self) -> Self:
        return self.exclude(state__in=OPEN_STATES)

    def unanswered_by(self, clusters: Any) -> Self:
        """Asked of these clusters (ids or a queryset), who have not answered yet."""
        return self.asked().filter(
            Q(partner__in=clusters, partner_answer=SideAnswer.NONE)
            | Q(asker__in=clusters, asker_answer=SideAnswer.NONE)
        )

    def due_to_end(self, now: datetime) -> Self:
        """Asked, and the time to answer is over: declined or not answered alike."""
        return self.asked().filter(expires_at__lte=now)

    def resting(self, since: datetime) -> Self:
        """Pairs that are not suggested: in talks now, or over after ``since``.

        Declined, unanswered and withdrawn are the same here, so that no list tells them apart:
        whoever withdraws a request must not learn from a list what the other side had answered.
        """
        return self.filter(Q(state__in=OPEN_STATES) | Q(ended_at__gte=since))
