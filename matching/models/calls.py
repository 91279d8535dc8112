"""Calls for which clusters look for a team."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.choices import ClusterKind
from clusters.models import Cluster, District, Term
from core.models import Timestamped
from matching.choices import Audience, IdeaLevel, MarkKind
from matching.querysets import CallQuerySet

SIZE_AT_MOST = 12
IDEA_AT_MOST = 10_000


class ConsortiumCall(Timestamped):
    """A call for proposals and the idea a team is looked for.

    ``cluster`` leads the team and is in it; without one the call is the office's own, and its
    teams rest on entries that only staff may read.
    """

    name = models.CharField(_("name of the call"), max_length=200)
    programme = models.CharField(_("funding programme"), max_length=200, blank=True)
    link = models.URLField(_("link to the call"), blank=True)
    deadline = models.DateField(_("deadline"))
    cluster = models.ForeignKey(
        Cluster,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consortium_calls",
        verbose_name=_("leading cluster"),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    idea = models.TextField(_("project idea"), max_length=IDEA_AT_MOST, blank=True)
    idea_level = models.CharField(
        _("who may read this"), max_length=10, choices=IdeaLevel, default=IdeaLevel.MANAGERS
    )
    min_partners = models.PositiveSmallIntegerField(
        _("smallest team"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(SIZE_AT_MOST)],
    )
    max_partners = models.PositiveSmallIntegerField(
        _("largest team"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(SIZE_AT_MOST)],
    )
    terms = models.ManyToManyField(
        Term, through="CallCompetence", related_name="consortium_calls", verbose_name=_("terms")
    )
    districts = models.ManyToManyField(
        District, through="CallRegion", related_name="consortium_calls"
    )
    is_example = models.BooleanField(_("example"), default=False)

    objects = CallQuerySet.as_manager()

    class Meta(Timestamped.Meta):
        abstract = False
        verbose_name = _("call for a team")
        verbose_name_plural = _("calls for a team")
        ordering = ("deadline", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(
                    min_partners__gte=1,
                    min_partners__lte=models.F("max_partners"),
                    max_partners__lte=SIZE_AT_MOST,
                ),
                name="call_sizes_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matching:call-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether the deadline is still to come; afterwards the call is only read."""
        today: date = timezone.localdate()
        return self.deadline >= today

    @property
    def audience(self) -> Audience:
        """Whose entries its teams may rest on: its own people read them, or staff alone."""
        return Audience.CLUSTERS if self.cluster_id else Audience.STAFF


class CallCompetence(models.Model):
    """A term somebody in the team must, or could, stand for."""

    call = models.ForeignKey(ConsortiumCall, on_delete=models.CASCADE, related_name="competences")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="+")
    is_must = models.BooleanField(_("must"), default=True)

    class Meta:
        verbose_name = _("competence of a call")
        verbose_name_plural = _("competences of a call")
        ordering = ("-is_must", "term__label", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("call", "term", name="call_competence_once"),
        ]

    def __str__(self) -> str:
        return str(self.term)


class CallRole(models.Model):
    """How many members of a kind of organisation, or with a term, the call asks for."""

    call = models.ForeignKey(ConsortiumCall, on_delete=models.CASCADE, related_name="roles")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=20, choices=ClusterKind, blank=True)
    term = models.ForeignKey(
        Term, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    count = models.PositiveSmallIntegerField(_("how many"), default=1)

    class Meta:
        verbose_name = _("role in a team")
        verbose_name_plural = _("roles in a team")
        ordering = ("position", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind="", term__isnull=False)
                | (~models.Q(kind="") & models.Q(term=None)),
                name="call_role_kind_or_term",
            ),
            models.CheckConstraint(
                condition=models.Q(count__gte=1, count__lte=SIZE_AT_MOST), name="call_role_count"
            ),
        ]

    def __str__(self) -> str:
        return str(self.term) if self.term_id else self.get_kind_display()


class CallRegion(models.Model):
    """A district at least one member has to, or should, come from."""

    call = models.ForeignKey(ConsortiumCall, on_delete=models.CASCADE, related_name="regions")
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    is_required = models.BooleanField(_("required"), default=False)

    class Meta:
        verbose_name = _("region of a call")
        verbose_name_plural = _("regions of a call")
        ordering = ("-is_required", "district__short_name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("call", "district", name="call_region_once"),
        ]

    def __str__(self) -> str:
        return str(self.district)


class CallMark(models.Model):
    """An organisation that is set, or left out, whatever is computed."""

    call = models.ForeignKey(ConsortiumCall, on_delete=models.CASCADE, related_name="marks")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=MarkKind)

    class Meta:
        verbose_name = _("decision about an organisation")
        verbose_name_plural = _("decisions about organisations")
        ordering = ("kind", "cluster__name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("call", "cluster", name="call_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} ({self.get_kind_display()})"
