"""Questions of staff that take a while to compute."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from matching.choices import Audience, EffectState


class PairInquiry(models.Model):
    """«What speaks for and against this pair?», answered in the background.

    ``answer`` is what the engine says about ``cluster`` → ``partner`` with the entries that
    ``audience`` may know. A pair has one inquiry for each audience; asking again replaces it.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=10, choices=Audience)
    state = models.CharField(
        _("state"), max_length=10, choices=EffectState, default=EffectState.WAITING
    )
    answer = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    class Meta:
        verbose_name = _("question about a pair")
        verbose_name_plural = _("questions about pairs")
        ordering = ("-asked_at", "-pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("cluster", "partner", "audience", name="inquiry_once"),
            models.CheckConstraint(
                condition=~models.Q(cluster=models.F("partner")), name="inquiry_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id} – {self.partner_id}"
