"""How much each part of the score counts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.querysets import WeightsQuerySet


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
