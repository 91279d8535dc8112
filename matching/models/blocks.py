"""Clusters that do not want to be suggested to each other."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from matching.querysets import BlockQuerySet


class ClusterBlock(models.Model):
    """``cluster`` does not want to be suggested to ``blocked``, nor the other way round.

    Confidential: only the managers of ``cluster`` and staff know of it, and ``reason`` is theirs.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(
        Cluster,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("not to be suggested"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("cluster not to be suggested")
        verbose_name_plural = _("clusters not to be suggested")
        ordering = ("-created_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("cluster", "blocked", name="block_once"),
            models.CheckConstraint(
                condition=~models.Q(cluster=models.F("blocked")), name="block_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} ≠ {self.blocked}"
