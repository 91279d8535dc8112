"""Computations of suggestions."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from matching.choices import RoundState
from matching.models.weights import Weights
from matching.querysets import RoundQuerySet


class Round(models.Model):
    """One computation of suggestions; the newest complete one is shown."""

    weights = models.ForeignKey(Weights, on_delete=models.PROTECT, related_name="rounds")
    state = models.CharField(_("state"), max_length=10, choices=RoundState)
    inputs_hash = models.CharField(max_length=64)
    clusters_count = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(_("started"), db_default=Now())
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"
