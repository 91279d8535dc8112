"""The vocabulary of the clusters app: conditions with names."""

from datetime import timedelta
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Left
from django.utils import timezone

from accounts.people import Person
from clusters.choices import (
    ChangeTarget,
    ClusterStatus,
    Confidentiality,
    ReviewState,
    Role,
    StatementStatus,
)
from core.search import Fold


class ClusterQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        return self.filter(status=ClusterStatus.PUBLISHED)

    def visible_to(self, user: Person) -> Self:
        """Published profiles for everybody, their own for members, all for staff."""
        if user.is_authenticated:
            if user.is_staff:
                return self
            own = Q(memberships__user=user, memberships__ended_at=None)
            return self.filter(
                Q(status=ClusterStatus.PUBLISHED) | Q(pk__in=self.model.objects.filter(own))
            )
        return self.published()

    def managed_by(self, user: Person) -> Self:
        """Clusters whose profile the person may edit as their manager."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            memberships__user=user, memberships__ended_at=None, memberships__role=Role.MANAGER
        )

    def of_member(self, user: Person) -> Self:
        """Clusters the person belongs to, in whatever role."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__ended_at=None)

    def suggestible(self) -> Self:
        """Profiles that may appear as a suggested partner."""
        return self.published().filter(may_be_suggested=True, activity="active")

    def by_name(self) -> Self:
        """In the order of a German telephone book: Ö as oe, small letters like capitals."""
        return self.order_by(Fold("name"), "pk")

    def with_card_data(self) -> Self:
        """What a card of the directory shows, and nothing else, in one query.

        Adds ``field_ids`` (innovation fields by number), ``label_levels`` (valid labels) and
        ``teaser_de``/``teaser_en`` (the beginning of the profile).
        """
        fields = self.model.innovation_fields.through.objects.filter(cluster=OuterRef("pk"))
        labels = self.model.labels.rel.related_model.objects.valid()
        return self.only(
            "slug",
            "name",
            "full_name_de",
            "full_name_en",
            "kind",
            "status",
            "activity",
            "city",
            "logo",
            "district_id",
            "is_example",
        ).annotate(
            field_ids=ArraySubquery(
                fields.order_by("innovationfield__number").values("innovationfield")
            ),
            label_levels=ArraySubquery(labels.filter(cluster=OuterRef("pk")).values("level")),
            teaser_de=Left(F("profile_de"), 240),
            teaser_en=Left(F("profile_en"), 240),
        )


class LabelAwardQuerySet(models.QuerySet[Any]):
    def valid(self) -> Self:
        """Labels not known to have run out; where no end is evidenced, none is assumed."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))


class DocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Files by level of confidentiality; members see all of their own cluster."""
        public = Q(confidentiality=Confidentiality.PUBLIC, cluster__status=ClusterStatus.PUBLISHED)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_staff:
            return self
        memberships = user.memberships.filter(ended_at=None)
        seen = public | Q(cluster__in=memberships.values("cluster"))
        if memberships.exists():
            seen |= Q(
                confidentiality=Confidentiality.CLUSTERS, cluster__status=ClusterStatus.PUBLISHED
            )
        return self.filter(seen)


class StatementQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """Published entries of published clusters that have not run out."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()),
            status=StatementStatus.PUBLISHED,
            cluster__status=ClusterStatus.PUBLISHED,
        )

    def visible_to(self, user: Person) -> Self:
        """Current entries by level of confidentiality; members see all of their own cluster."""
        current = self.current()
        if not user.is_authenticated:
            return current.filter(confidentiality=Confidentiality.PUBLIC)
        if user.is_staff:
            return self
        own = Q(cluster__in=user.memberships.filter(ended_at=None).values("cluster"))
        levels = [Confidentiality.PUBLIC]
        if user.memberships.filter(ended_at=None).exists():
            levels.append(Confidentiality.CLUSTERS)
        return self.filter(own | Q(pk__in=current.filter(confidentiality__in=levels).values("pk")))


class MembershipQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(ended_at=None)

    def managers(self) -> Self:
        return self.active().filter(role=Role.MANAGER)


class ReviewQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Submitted and not decided yet: the moderation queue."""
        return self.filter(state=ReviewState.SUBMITTED)

    def open(self) -> Self:
        """Not decided yet, wherever it lies."""
        return self.filter(
            state__in=[ReviewState.DRAFT, ReviewState.SUBMITTED, ReviewState.CHANGES_REQUESTED]
        )

    def returned(self) -> Self:
        """Sent back by staff: it is the author's turn."""
        return self.filter(state=ReviewState.CHANGES_REQUESTED)


class ChangeRequestQuerySet(ReviewQuerySet):
    def of_statements(self) -> Self:
        """Changes of needs and offers their managers still care for: open or lately declined."""
        lately = timezone.now() - timedelta(days=60)
        return self.filter(
            Q(
                state__in=[
                    ReviewState.DRAFT,
                    ReviewState.SUBMITTED,
                    ReviewState.CHANGES_REQUESTED,
                ]
            )
            | Q(state=ReviewState.DECLINED, decided_at__gte=lately),
            target__in=[ChangeTarget.NEED, ChangeTarget.OFFER],
        ).select_related("author", "decided_by")
