"""What clusters have done: projects, good practice, cooperation."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.choices import CooperationKind
from clusters.models.cluster import Cluster
from clusters.models.taxonomy import InnovationField
from core.models import Timestamped


class Project(Timestamped):
    """A project clusters took part in."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    result = models.TextField(_("result"), blank=True)
    clusters = models.ManyToManyField(Cluster, related_name="projects", blank=True)
    innovation_fields = models.ManyToManyField(InnovationField, related_name="projects", blank=True)
    programme = models.CharField(_("programme"), max_length=160, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class GoodPractice(Timestamped):
    """What worked in a cluster and may help others."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="good_practices")
    title = models.CharField(_("title"), max_length=200)
    problem = models.TextField(_("problem"))
    approach = models.TextField(_("approach"))
    result = models.TextField(_("result"), blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title


class Cooperation(models.Model):
    """Two clusters that have worked together, and how that is known. ``first`` has the lower id."""

    first = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=CooperationKind)
    source = models.CharField(_("source"), max_length=500)

    class Meta:
        verbose_name = _("cooperation")
        verbose_name_plural = _("cooperations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("first", "second", "kind", name="cooperation_once_per_kind"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="cooperation_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"
