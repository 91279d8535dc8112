"""Clusters as the rows of a table."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clusters.choices import TermKind
from clusters.models import LabelAward, Term

if TYPE_CHECKING:
    from clusters.models import Cluster
    from clusters.querysets import ClusterQuerySet

_AT_ONCE = 500


def cluster_table(clusters: "ClusterQuerySet") -> Iterator[Sequence[object]]:
    """Return the head in the reader's language, then one row a cluster, read in portions."""
    head = [
        _("Name"), _("Full name"), _("Kind"), _("Activity"), _("City"), _("District"),
        _("Innovation fields"), _("Technologies"), _("Value-chain stages"), _("Labels"),
        _("Founded in"), _("Members"), _("Members as of"), _("Website"), _("Example"), _("Profile"),
        _("Page"),
    ]  # fmt: skip
    rows = clusters.defer("search_vector", "search_text", "sources").select_related("district")
    rows = rows.prefetch_related(
        "innovation_fields",
        Prefetch(
            "terms",
            Term.objects.filter(kind__in=[TermKind.TECHNOLOGY, TermKind.STAGE]),
            to_attr="listed_terms",
        ),
        Prefetch("labels", LabelAward.objects.valid(), to_attr="valid_labels"),
    )
    return chain([head], _rows(rows, get_language()))


def _rows(clusters: "ClusterQuerySet", language: str | None) -> Iterator[Sequence[object]]:
    """Read the rows in the language of the head: streaming goes on after the request has ended."""
    with translation.override(language):
        for cluster in clusters.iterator(chunk_size=_AT_ONCE):
            yield _row(cluster)


def _row(cluster: "Cluster") -> Sequence[object]:
    terms: list[Term] = cluster.listed_terms  # type: ignore[attr-defined]
    labels: list[LabelAward] = cluster.valid_labels  # type: ignore[attr-defined]
    return [
        cluster.name,
        cluster.full_name,
        cluster.get_kind_display(),
        cluster.get_activity_display(),
        cluster.city,
        cluster.district.name if cluster.district else "",
        ", ".join(field.name for field in cluster.innovation_fields.all()),
        ", ".join(term.label for term in terms if term.kind == TermKind.TECHNOLOGY),
        ", ".join(term.label for term in terms if term.kind == TermKind.STAGE),
        ", ".join(str(label) for label in labels),
        cluster.founded_year,
        cluster.members_count,
        cluster.members_year,
        cluster.website,
        _("yes") if cluster.is_example else _("no"),
        cluster.profile,
        f"{settings.BASE_URL}{cluster.get_absolute_url()}",
    ]
