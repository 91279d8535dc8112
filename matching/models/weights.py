"""How much each part of the score counts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.choices import EffectState
from matching.office.weighing import PARTS
from matching.querysets import WeightsDraftQuerySet, WeightsQuerySet


def _not_negative() -> models.Q:
    condition = models.Q()
    for part in PARTS:
        condition &= models.Q(**{f"{part}__gte": 0})
    return condition


class PartWeights(models.Model):
    """One figure for each part of the score."""

    need = models.FloatField(_("need met by an offer"), default=0.30)
    chain = models.FloatField(_("value chain"), default=0.15)
    bridge = models.FloatField(_("bridge"), default=0.15)
    cross_innovation = models.FloatField(_("cross-innovation"), default=0.15)
    text = models.FloatField(_("similar profile text"), default=0.10)
    trust = models.FloatField(_("trust"), default=0.15)
    note = models.TextField(_("why it was changed"), blank=True)

    class Meta:
        abstract = True

    def values_by_part(self) -> dict[str, float]:
        """Part name to weight, in the published order."""
        return {part: getattr(self, part) for part in PARTS}


class Weights(PartWeights):
    """How much each part counts. A version is never changed once published; parts sum to 1."""

    version = models.PositiveIntegerField(_("version"), unique=True)
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
            models.CheckConstraint(condition=_not_negative(), name="weights_not_negative"),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    @classmethod
    def current(cls) -> "Weights":
        """Return the published version that counts; the defaults where none is published."""
        published: Weights | None = cls.objects.published().first()
        return published or cls(version=1)


class WeightsDraft(PartWeights):
    """Weights somebody of staff works on. Publishing makes a version of them and keeps the draft.

    ``based_on`` is the version that was in force when the author last looked; a draft is published
    only on top of that one. ``restored_from`` is the older version it was copied from, if any.
    """

    based_on = models.ForeignKey(Weights, on_delete=models.PROTECT, related_name="drafts")
    restored_from = models.ForeignKey(
        Weights, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_as = models.OneToOneField(
        Weights, on_delete=models.PROTECT, null=True, blank=True, related_name="draft"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = WeightsDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of weights")
        verbose_name_plural = _("drafts of weights")
        ordering = ("-updated_at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=_not_negative(), name="weights_draft_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class WeightsEffect(models.Model):
    """What a draft would do to the lists of clusters, computed in the background.

    ``values`` are the weights it was computed with, so that a page can tell whether the draft has
    been changed since. ``summary`` holds the figures over all lists, ``lists`` the partners by
    cluster: {"<cluster>": {"before": [ids], "after": [ids]}}, best first.
    """

    draft = models.ForeignKey(WeightsDraft, on_delete=models.CASCADE, related_name="effects")
    values = models.JSONField()
    state = models.CharField(
        _("state"), max_length=10, choices=EffectState, default=EffectState.WAITING
    )
    steps_done = models.PositiveSmallIntegerField(default=0)
    summary = models.JSONField(default=dict)
    lists = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    class Meta:
        verbose_name = _("effect of a draft")
        verbose_name_plural = _("effects of drafts")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.draft_id} ({self.state})"
