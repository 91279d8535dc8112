"""The cluster and the facts told about it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.choices import ClusterActivity, ClusterKind, ClusterStatus, LocationStatus
from clusters.models.taxonomy import District, InnovationField, Term
from clusters.querysets import ClusterQuerySet
from core.models import Searchable, Timestamped
from core.search import Fold
from core.uploads import ImageUpload


class Cluster(Searchable, Timestamped):
    """A cluster, network or initiative of North Rhine-Westphalia.

    A row always holds the last accepted state; what managers are working on waits in
    ``ChangeRequest``. ``sources`` maps a field name to the markers that evidence its value.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    full_name = models.CharField(_("full name"), max_length=250, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ClusterKind)
    kind_note = models.TextField(_("note on the kind"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=ClusterStatus, default=ClusterStatus.DRAFT
    )
    activity = models.CharField(
        _("activity"), max_length=10, choices=ClusterActivity, default=ClusterActivity.ACTIVE
    )
    activity_note = models.TextField(_("note on the activity"), blank=True)
    profile = models.TextField(_("profile"), blank=True)

    city = models.CharField(_("city"), max_length=80, blank=True)
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="clusters",
        verbose_name=_("district"),
    )
    location_status = models.CharField(
        _("evidence of the office"),
        max_length=10,
        choices=LocationStatus,
        default=LocationStatus.UNKNOWN,
    )
    location_note = models.TextField(_("note on the office"), blank=True)
    # The centre of the city, in degrees WGS 84; never a street address.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    founded_note = models.TextField(_("note on the founding"), blank=True)
    website = models.URLField(_("website"), blank=True)
    carrier = models.CharField(_("run by"), max_length=250, blank=True)
    members_count = models.PositiveIntegerField(_("members"), null=True, blank=True)
    members_year = models.PositiveSmallIntegerField(_("as of"), null=True, blank=True)
    members_note = models.TextField(_("note on the members"), blank=True)
    # null: not known whether it belongs to the ClusterAllianz.NRW.
    in_alliance = models.BooleanField(_("in the ClusterAllianz.NRW"), null=True, blank=True)

    logo = ImageUpload(_("logo"), upload_to="logos", blank=True)
    # Where messages of the contact form go when nobody manages the profile yet; never shown.
    contact_email = models.EmailField(_("contact address"), blank=True)

    innovation_fields = models.ManyToManyField(
        InnovationField, blank=True, related_name="clusters", verbose_name=_("innovation fields")
    )
    terms = models.ManyToManyField(
        Term, blank=True, related_name="clusters", verbose_name=_("terms")
    )

    may_be_suggested = models.BooleanField(_("may be suggested as a partner"), default=True)
    is_example = models.BooleanField(_("example"), default=False)
    sources = models.JSONField(default=dict, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="clusters.Membership", related_name="clusters"
    )

    objects = ClusterQuerySet.as_manager()

    class Meta(Searchable.Meta, Timestamped.Meta):
        abstract = False
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ("name",)
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search_vector"], name="cluster_words"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="cluster_trigrams"),
            # Read by the directory: profiles in order of name, page by page.
            models.Index(Fold("name"), "id", name="cluster_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("clusters:cluster-detail", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == ClusterStatus.PUBLISHED


class Fact(models.Model):
    """One sentence about a cluster together with where it is from."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="facts")
    text = models.TextField(_("text"))
    source = models.CharField(_("source"), max_length=500)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.text[:80]
