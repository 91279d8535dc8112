"""Suggestions of partners, and what they were computed from."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from matching.choices import Audience, RoundState
from matching.querysets import RoundQuerySet, SuggestionQuerySet, WeightsQuerySet


class Weights(models.Model):
    """How much each part counts. A version is never changed once published; parts sum to 1."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    need = models.FloatField(_("need met by an offer"), default=0.30)
    chain = models.FloatField(_("value chain"), default=0.15)
    bridge = models.FloatField(_("bridge"), default=0.15)
    cross_innovation = models.FloatField(_("cross-innovation"), default=0.15)
    text = models.FloatField(_("similar profile text"), default=0.10)
    trust = models.FloatField(_("trust"), default=0.15)
    note = models.TextField(_("why it was changed"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = WeightsQuerySet.as_manager()

    class Meta:
        verbose_name = _("weights")
        verbose_name_plural = _("weights")
        ordering = ("-version",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(need__gte=0)
                & models.Q(chain__gte=0)
                & models.Q(bridge__gte=0)
                & models.Q(cross_innovation__gte=0)
                & models.Q(text__gte=0)
                & models.Q(trust__gte=0),
                name="weights_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    @classmethod
    def current(cls) -> "Weights":
        """Return the published version that counts; the defaults where none is published."""
        published: Weights | None = cls.objects.published().first()
        return published or cls(version=1)


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


class Suggestion(models.Model):
    """``partner`` suggested to ``cluster``, with the parts of the score and plain reasons.

    ``parts`` is the explanation of ``matching.engine.reasons.explain`` without its labels, so that
    a page can tell the whole way from the parts to the place on the list. ``reasons`` and
    ``counter_reasons`` are lists of {"de": …, "en": …}; a reason adds ``example`` when it rests on
    made-up entries, and ``need`` and ``offer`` (ids) when it quotes them.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="suggestions")
    audience = models.CharField(max_length=10, choices=Audience)
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="suggestions")
    partner = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="suggested_to")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    parts = models.JSONField()
    reasons = models.JSONField()
    counter_reasons = models.JSONField(default=list)

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
