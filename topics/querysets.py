"""The vocabulary of the topics app: conditions with names."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.people import Person
from clusters.choices import ClusterStatus
from core.search import Fold
from topics.choices import TopicStatus

PUBLIC_STATUSES = (TopicStatus.OPEN, TopicStatus.FOCUS, TopicStatus.IN_WORK, TopicStatus.DONE)
# Those whose turn it is come first.
STATUS_ORDER = (TopicStatus.FOCUS, TopicStatus.IN_WORK, TopicStatus.OPEN, TopicStatus.DONE)
ENDORSABLE = (TopicStatus.OPEN, TopicStatus.FOCUS, TopicStatus.IN_WORK)


def _own_clusters(user: Person) -> Any:
    """The clusters a signed-in person belongs to."""
    if not user.is_authenticated:
        raise TypeError("Ask only for people who have signed in.")
    return user.memberships.filter(ended_at=None).values("cluster")


class TopicQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """Topics everybody may read."""
        return self.filter(status__in=PUBLIC_STATUSES)

    def waiting(self) -> Self:
        """Proposed and not decided yet: staff's queue."""
        return self.filter(status=TopicStatus.PROPOSED)

    def focus(self) -> Self:
        """What the dialogue works on at present."""
        return self.filter(status=TopicStatus.FOCUS)

    def visible_to(self, user: Person) -> Self:
        """Published ones; for members also their cluster's; for staff all but drafts."""
        if not user.is_authenticated:
            return self.published()
        own = Q(author=user) | Q(proposed_by__in=_own_clusters(user))
        if user.is_staff:
            return self.filter(~Q(status=TopicStatus.DRAFT) | own)
        return self.filter(Q(status__in=PUBLIC_STATUSES) | own)

    def proposals_of(self, user: Person) -> Self:
        """What the person or their clusters proposed and the public does not see."""
        if not user.is_authenticated:
            return self.none()
        own = Q(author=user) | Q(proposed_by__in=_own_clusters(user))
        return self.filter(own).exclude(status__in=PUBLIC_STATUSES)

    def in_order(self) -> Self:
        """Focus topics first, then what is in work, open and done; by title in each."""
        places = [When(status=status, then=Value(n)) for n, status in enumerate(STATUS_ORDER)]
        return self.order_by(
            Case(*places, default=Value(len(places)), output_field=IntegerField()),
            Fold("title"),
            "pk",
        )

    def with_card_data(self, user: Person) -> Self:
        """Add what a card shows: ``voices``, the number of endorsements the person may see."""
        return (
            self.annotate(voices=_voices(self.model, user))
            .select_related("proposed_by")
            .prefetch_related("terms", "innovation_fields")
            .defer("search_vector", "search_text")
        )


def _voices(topic: Any, user: Person) -> Coalesce:
    endorsements = topic.endorsements.rel.related_model.objects.visible_to(user)
    per_topic = endorsements.filter(topic=OuterRef("pk")).order_by().values("topic")
    return Coalesce(Subquery(per_topic.annotate(number=Count("pk")).values("number")), 0)


class EndorsementQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Public voices of published clusters; for members also their own; for staff all."""
        public = Q(is_public=True, cluster__status=ClusterStatus.PUBLISHED)
        if not user.is_authenticated:
            return self.filter(public)
        if user.is_staff:
            return self
        return self.filter(public | Q(cluster__in=_own_clusters(user)))
