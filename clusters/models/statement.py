"""Needs and offers: the two sides of market pull."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.choices import Confidentiality, StatementStatus, TermKind
from clusters.models.cluster import Cluster
from clusters.models.taxonomy import Term
from clusters.querysets import StatementQuerySet
from core.models import Searchable, Timestamped


class Statement(Searchable, Timestamped):
    """What a cluster needs or offers, in a sentence or two, as last accepted by staff."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="%(class)ss")
    text = models.TextField(_("text"))
    terms = models.ManyToManyField(
        Term, blank=True, related_name="%(class)ss", verbose_name=_("terms")
    )
    stage = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss_at_stage",
        limit_choices_to={"kind": TermKind.STAGE},
        verbose_name=_("value-chain stage"),
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    confidentiality = models.CharField(
        _("who may read this"),
        max_length=10,
        choices=Confidentiality,
        default=Confidentiality.PUBLIC,
    )
    status = models.CharField(
        _("status"), max_length=10, choices=StatementStatus, default=StatementStatus.PUBLISHED
    )
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = StatementQuerySet.as_manager()

    class Meta(Searchable.Meta, Timestamped.Meta):
        abstract = True
        ordering = ("-created_at", "-id")
        indexes: ClassVar[list[models.Index]] = list(Searchable.Meta.indexes)

    def __str__(self) -> str:
        return self.text[:80]


class Need(Statement):
    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("need")
        verbose_name_plural = _("needs")

    def get_absolute_url(self) -> str:
        return f"{reverse('clusters:cluster-detail', args=[self.cluster.slug])}#need-{self.pk}"


class Offer(Statement):
    class Meta(Statement.Meta):
        abstract = False
        verbose_name = _("offer")
        verbose_name_plural = _("offers")

    def get_absolute_url(self) -> str:
        return f"{reverse('clusters:cluster-detail', args=[self.cluster.slug])}#offer-{self.pk}"
