"""The vocabularies clusters, topics and events are described with."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.choices import TermKind


class InnovationField(models.Model):
    """One of the seven fields of the Regional Innovation Strategy NRW 2021–2027."""

    code = models.SlugField(unique=True)
    number = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    is_cross_cutting = models.BooleanField(_("cross-cutting"), default=False)
    note = models.TextField(_("note"), blank=True)
    sources = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("innovation field")
        verbose_name_plural = _("innovation fields")
        ordering = ("number",)

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """One of the five administrative districts (Regierungsbezirke) of NRW."""

    code = models.SlugField(unique=True)
    nuts = models.CharField("NUTS", max_length=5, unique=True)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=40)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ("short_name",)

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A word of the controlled vocabulary, in both languages, with its synonyms."""

    kind = models.CharField(_("kind"), max_length=20, choices=TermKind)
    code = models.SlugField(max_length=80)
    label = models.CharField(_("label"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    synonyms = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    # The order of value-chain stages is what makes two of them neighbours.
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_cross_cutting = models.BooleanField(_("cross-cutting technology"), default=False)
    group = models.CharField(_("group"), max_length=60, blank=True)
    innovation_fields = models.ManyToManyField(InnovationField, blank=True, related_name="terms")
    sources = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ("kind", "position", "label")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("kind", "code", name="term_code_once_per_kind"),
        ]

    def __str__(self) -> str:
        return self.label
