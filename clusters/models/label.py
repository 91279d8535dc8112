from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.choices import LabelLevel
from clusters.models.cluster import Cluster
from clusters.querysets import LabelAwardQuerySet


class LabelAward(models.Model):
    """A label once awarded, for instance gold of the European Cluster Excellence Initiative."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="labels")
    code = models.SlugField(max_length=80, unique=True)
    scheme = models.CharField(_("scheme"), max_length=20, default="ecei")
    level = models.CharField(_("level"), max_length=10, choices=LabelLevel)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    awarded_on = models.DateField(_("awarded on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_renewal = models.BooleanField(_("renewal"), default=False)
    note = models.TextField(_("note"), blank=True)
    sources = models.JSONField(default=list, blank=True)

    objects = LabelAwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("label award")
        verbose_name_plural = _("label awards")
        ordering = ("-year", "code")

    def __str__(self) -> str:
        return f"{self.scheme.upper()} {self.get_level_display()}"
