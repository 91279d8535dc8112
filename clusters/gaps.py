"""What a profile does not say yet, and where to say it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters.choices import StatementStatus, TermKind
from clusters.models import Cluster, Need, Offer, Term
from clusters.querysets import ClusterQuerySet


@dataclass(frozen=True)
class Gap:
    """Something missing: what to do about it, and the address of its field."""

    label: str
    url: str


@dataclass(frozen=True)
class Completeness:
    """How much of a profile is there: ``done`` of ``total`` points."""

    done: int
    total: int
    gaps: list[Gap]


def with_gap_data(clusters: ClusterQuerySet) -> ClusterQuerySet:
    """Fetch what :func:`measure` reads, in the same number of queries for any number."""
    published = StatementStatus.PUBLISHED
    found: ClusterQuerySet = clusters.prefetch_related(
        Prefetch("terms", Term.objects.only("pk", "kind")),
        "innovation_fields",
        Prefetch("needs", Need.objects.filter(status=published).only("pk", "cluster")),
        Prefetch("offers", Offer.objects.filter(status=published).only("pk", "cluster")),
    )
    return found


def measure(cluster: Cluster) -> Completeness:
    """Return what the profile has and what it lacks, the most useful gap first."""
    kinds = {term.kind for term in cluster.terms.all()}
    edit = reverse("clusters:cluster-edit", args=[cluster.slug])
    need = reverse("clusters:statement-create", args=[cluster.slug, "need"])
    offer = reverse("clusters:statement-create", args=[cluster.slug, "offer"])
    points = [
        (
            len(cluster.needs.all()) > 0,
            _("Add a first need: others can only answer what they know"),
            need,
        ),
        (len(cluster.offers.all()) > 0, _("Add a first offer"), offer),
        (bool(cluster.profile_de), _("Write the profile in German"), f"{edit}#id_profile_de"),  # type: ignore[attr-defined]
        (bool(cluster.profile_en), _("Write the profile in English"), f"{edit}#id_profile_en"),  # type: ignore[attr-defined]
        (
            len(cluster.innovation_fields.all()) > 0,
            _("Choose innovation fields"),
            f"{edit}#innovation_fields",
        ),
        (TermKind.STAGE in kinds, _("Choose value-chain stages"), f"{edit}#terms_stage"),
        (TermKind.TECHNOLOGY in kinds, _("Choose technologies"), f"{edit}#terms_technology"),
        (TermKind.SECTOR in kinds, _("Choose sectors"), f"{edit}#terms_sector"),
        (bool(cluster.city), _("Say where your office is"), f"{edit}#id_city"),
        (bool(cluster.website), _("Add your website"), f"{edit}#id_website"),
        (bool(cluster.logo), _("Add a logo"), f"{edit}#id_logo"),
    ]
    gaps = [Gap(label, url) for is_there, label, url in points if not is_there]
    return Completeness(len(points) - len(gaps), len(points), gaps)
