"""Suggested partners, with what they were computed from."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from matching.choices import Audience, ListKind
from matching.models.rounds import Round
from matching.querysets import SuggestionQuerySet


class Suggestion(models.Model):
    """``partner`` suggested to ``cluster``, with the parts of the score and plain reasons.

    ``parts`` is the explanation of ``matching.engine.reasons.explain`` without its labels, so that
    a page can tell the whole way from the parts to the place on the list. ``reasons`` and
    ``counter_reasons`` are lists of {"de": …, "en": …}; a reason adds ``example`` when it rests on
    made-up entries, and ``need`` and ``offer`` (ids) when it quotes them. ``rests_on`` names every
    entry that went into the figures: {"needs": ids, "offers": ids, "topics": slugs}.

    ``inputs_hash`` covers all that its audience's lists were computed from; within a round it
    differs where lists were amended after a change.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="suggestions")
    audience = models.CharField(max_length=10, choices=Audience)
    kind = models.CharField(_("list"), max_length=10, choices=ListKind, default=ListKind.NEW)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="suggestions")
    partner = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="suggested_to")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    parts = models.JSONField()
    reasons = models.JSONField()
    counter_reasons = models.JSONField(default=list)
    rests_on = models.JSONField(default=dict)
    weights_version = models.PositiveIntegerField(_("version of the weights"), default=1)
    inputs_hash = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(_("computed"), db_default=Now())

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ("rank",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "round", "audience", "cluster", "partner", name="suggestion_once_per_round"
            ),
            models.CheckConstraint(
                condition=~models.Q(cluster=models.F("partner")), name="suggestion_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} → {self.partner}"
