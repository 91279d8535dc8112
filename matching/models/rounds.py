"""Computations of suggestions."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from matching.choices import Audience, RoundState
from matching.models.weights import Weights
from matching.querysets import RoundQuerySet, ShardQuerySet


class Round(models.Model):
    """One computation of suggestions; the newest complete one is shown.

    ``shared_hashes`` and ``cluster_hashes`` say from what it was computed, for each audience: what
    all lists rest on, and what each cluster has entered. They tell later which lists a change
    concerns. They are large: read them only where they are needed.
    """

    weights = models.ForeignKey(Weights, on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(_("state"), max_length=10, choices=RoundState)
    inputs_hash = models.CharField(max_length=64)
    shared_hashes = models.JSONField(default=dict, editable=False)
    cluster_hashes = models.JSONField(default=dict, editable=False)
    clusters_count = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(_("started"), db_default=Now())
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    amended_at = models.DateTimeField(_("last amended"), null=True, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def percent(self) -> int:
        """How far it has come, from 0 to 100; for rounds read ``with_progress()``."""
        total: int = self.shards_total  # type: ignore[attr-defined]
        done: int = self.shards_done  # type: ignore[attr-defined]
        return 100 * done // total if total else 0


class RoundShard(models.Model):
    """A part of a round: the lists of some clusters for one audience, written all at once.

    Whoever goes on with a round that was left takes up the shards that are not done.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="shards")
    audience = models.CharField(max_length=10, choices=Audience)
    first_cluster = models.PositiveBigIntegerField()
    last_cluster = models.PositiveBigIntegerField()
    done_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = ShardQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a round")
        verbose_name_plural = _("parts of a round")
        ordering = ("id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "round", "audience", "first_cluster", name="shard_once_per_round"
            ),
            models.CheckConstraint(
                condition=models.Q(first_cluster__lte=models.F("last_cluster")),
                name="shard_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.first_cluster}–{self.last_cluster} ({self.audience})"
