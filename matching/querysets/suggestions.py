"""Weights, rounds and suggestions."""

from typing import Any, Self

from django.db import models

from clusters.choices import Confidentiality
from clusters.models import Cluster, InnovationField
from matching.choices import Audience, RoundState

LEVELS: dict[str, tuple[Confidentiality, ...]] = {
    Audience.CLUSTERS: (Confidentiality.PUBLIC, Confidentiality.CLUSTERS),
    Audience.STAFF: tuple(Confidentiality),
}
"""Which entries an audience may read."""


class WeightsQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """Versions that count or have counted, the newest first."""
        return self.exclude(published_at=None).order_by("-version")


class WeightsDraftQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """Drafts that can still be worked on."""
        return self.filter(published_as=None)


class RoundQuerySet(models.QuerySet[Any]):
    def complete(self) -> Self:
        """Finished rounds, the one that is shown first."""
        return self.filter(state=RoundState.COMPLETE).order_by("-id")

    def running(self) -> Self:
        return self.filter(state=RoundState.RUNNING)

    def without_hashes(self) -> Self:
        """Without the large columns that only the next computation reads."""
        return self.defer("shared_hashes", "cluster_hashes")

    def with_progress(self) -> Self:
        """Add ``shards_total`` and ``shards_done``; ``Round.percent`` needs them."""
        return self.without_hashes().annotate(
            shards_total=models.Count("shards"), shards_done=models.Count("shards__done_at")
        )


class ShardQuerySet(models.QuerySet[Any]):
    def left(self) -> Self:
        """What is still to be computed."""
        return self.filter(done_at=None)


class SuggestionQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """Suggestions of the newest complete round: new partners, then known ones, best first."""
        newest = models.Subquery(
            self.model.round.field.related_model.objects.complete()[:1].values("pk")
        )
        return self.filter(round=newest).order_by("-kind", "rank", "pk")

    def still_offered(self) -> Self:
        """Without partners that withdrew, or were withdrawn, since the round."""
        return self.filter(partner__in=Cluster.objects.suggestible())

    def with_card_data(self) -> Self:
        """What a card shows of the partner."""
        fields = models.Prefetch(
            "partner__innovation_fields", InnovationField.objects.order_by("number")
        )
        rounds = [f"round__{name}" for name in ("shared_hashes", "cluster_hashes")]
        rows = self.select_related("partner", "round").defer(*rounds)
        return rows.prefetch_related(fields)
