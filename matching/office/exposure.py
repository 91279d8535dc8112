"""Who is suggested how often, and why some never are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.choices import ClusterActivity, TermKind
from clusters.models import Cluster, Need, Offer
from core.search import Fold
from matching.choices import Audience, ListKind
from matching.engine.metrics import coverage, gini
from matching.models import Round, Suggestion

SORTS: Final = {
    "times": ("times", "folded", "pk"),
    "-times": ("-times", "folded", "pk"),
    "name": ("folded", "pk"),
    "-name": ("-folded", "-pk"),
    "other": ("from_another_field", "folded", "pk"),
    "-other": ("-from_another_field", "folded", "pk"),
    "own": ("own", "folded", "pk"),
    "-own": ("-own", "folded", "pk"),
}


def exposure_rows(round_: Round | None, audience: Audience) -> Any:
    """Return all published clusters with the figures of a round's lists of new partners.

    ``times``: on how many lists it stands; ``from_another_field``: on how many of these without an
    innovation field in common; ``own``: how long its own list is.
    """
    listed = Suggestion.objects.filter(round=round_, audience=audience, kind=ListKind.NEW)
    return Cluster.objects.published().annotate(
        folded=Fold("name"),
        times=_number(listed.filter(partner=OuterRef("pk")), "partner"),
        from_another_field=_number(
            _across_fields(listed.filter(partner=OuterRef("pk"))), "partner"
        ),
        own=_number(listed.filter(cluster=OuterRef("pk")), "cluster"),
    )


def sort_rows(rows: Any, order: str) -> Any:
    """Put rows in one of the orders of ``SORTS``; by rising numbers where there is no such one."""
    return rows.order_by(*SORTS.get(order, SORTS["times"]))


def _number(rows: Any, owner: str) -> Coalesce:
    counted = rows.order_by().values(owner).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _with_known_fields(listed: Any) -> Any:
    """Suggestions between clusters that both name fields; of others nothing can be said."""
    links: Any = Cluster.innovation_fields.through._default_manager
    mine = links.filter(cluster=OuterRef("cluster"))
    theirs = links.filter(cluster=OuterRef("partner"))
    return listed.filter(Exists(mine), Exists(theirs))


def _across_fields(listed: Any) -> Any:
    """Suggestions between clusters that both name fields and share none."""
    links: Any = Cluster.innovation_fields.through._default_manager
    shared = links.filter(cluster=OuterRef("partner")).filter(
        innovationfield__in=links.filter(cluster=OuterRef(OuterRef("cluster"))).values(
            "innovationfield"
        )
    )
    return _with_known_fields(listed).filter(~Exists(shared))


@dataclass(frozen=True, slots=True)
class ExposureFigures:
    """The figures over all who agreed to be suggested; shares in per cent."""

    candidates: int
    never: int
    coverage: float
    gini: float
    suggestions: int
    from_another_field: float
    """Of the suggestions between clusters that both name fields."""
    most: int
    """The most lists one cluster stands on."""


def exposure_figures(rows: Any, round_: Round | None, audience: Audience) -> ExposureFigures:
    """Measure all rows of :func:`exposure_rows`, in four queries."""
    counts = list(_may_be_suggested(rows).order_by().values_list("times", flat=True))
    listed = Suggestion.objects.filter(round=round_, audience=audience, kind=ListKind.NEW)
    suggestions = listed.count()
    known = _with_known_fields(listed).count()
    across = _across_fields(listed).count()
    return ExposureFigures(
        candidates=len(counts),
        never=counts.count(0),
        coverage=100 * coverage(counts),
        gini=gini(counts),
        suggestions=suggestions,
        from_another_field=100 * across / known if known else 0.0,
        most=max(counts, default=0),
    )


def _may_be_suggested(rows: Any) -> Any:
    return rows.filter(may_be_suggested=True, activity=ClusterActivity.ACTIVE)


def with_data_marks(rows: Any) -> Any:
    """Add what :func:`why_never` looks at."""
    fields: Any = Cluster.innovation_fields.through._default_manager
    named: Any = Cluster.terms.through
    terms = named._default_manager
    return rows.annotate(
        has_fields=Exists(fields.filter(cluster=OuterRef("pk"))),
        has_terms=Exists(terms.filter(cluster=OuterRef("pk"))),
        has_needs=Exists(Need.objects.current().filter(cluster=OuterRef("pk")).order_by()),
        has_offers=Exists(Offer.objects.current().filter(cluster=OuterRef("pk")).order_by()),
    )


def why_never(clusters: Sequence[Any], round_: Round | None) -> dict[int, list[str]]:
    """Say why clusters are on no list, for those with ``times`` 0; at most three queries.

    Give rows of :func:`exposure_rows` passed through :func:`with_data_marks`.
    """
    never = [cluster for cluster in clusters if not cluster.times]
    rivals = _rivals(never) if never else {}
    return {cluster.pk: _reasons(cluster, rivals.get(cluster.pk, 0), round_) for cluster in never}


def _reasons(cluster: Any, rivals: int, round_: Round | None) -> list[str]:
    if not cluster.may_be_suggested:
        return [_("has not agreed to be suggested")]
    if cluster.activity != ClusterActivity.ACTIVE:
        label = str(ClusterActivity(cluster.activity).label)
        return [_("is not at work (%(activity)s)") % {"activity": label}]
    if round_ is None:
        return [_("no list has been computed yet")]
    if cluster.published_at and cluster.published_at > round_.started_at:
        return [_("was published after the last round")]
    gaps = [
        label
        for mark, label in (
            ("has_offers", _("no offer")),
            ("has_needs", _("no need")),
            ("has_fields", _("no innovation field")),
            ("has_terms", _("no keyword")),
        )
        if not getattr(cluster, mark)
    ]
    reasons = [_("data are missing: %(gaps)s") % {"gaps": ", ".join(gaps)}] if gaps else []
    if rivals:
        reasons.append(
            ngettext(
                "%(count)d cluster has the same fields, stages and sector (a competitor)",
                "%(count)d clusters have the same fields, stages and sector (competitors)",
                rivals,
            )
            % {"count": rivals}
        )
    return reasons or [_("others fit better on every list")]


def _rivals(never: Sequence[Any]) -> dict[int, int]:
    """How many have the same fields and stages and a common sector: the engine damps these.

    Reads three narrow columns of all clusters once and groups them; no pair is looked at twice.
    """
    shown = Cluster.objects.published().filter(activity=ClusterActivity.ACTIVE).order_by()
    fields = _keys(Cluster.innovation_fields.through, "innovationfield_id", shown)
    stages = _keys(Cluster.terms.through, "term_id", shown, term__kind=TermKind.STAGE)
    sectors = _keys(Cluster.terms.through, "term_id", shown, term__kind=TermKind.SECTOR)
    groups: dict[tuple[frozenset[int], frozenset[int]], list[int]] = defaultdict(list)
    for pk, found in fields.items():
        if stages.get(pk):
            groups[frozenset(found), frozenset(stages[pk])].append(pk)
    return {
        cluster.pk: sum(
            other != cluster.pk and bool(sectors.get(other, set()) & sectors.get(cluster.pk, set()))
            for other in groups.get(
                (frozenset(fields.get(cluster.pk, ())), frozenset(stages.get(cluster.pk, ()))), ()
            )
        )
        for cluster in never
    }


def _keys(through: Any, column: str, clusters: Any, **conditions: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    links = through._default_manager.filter(cluster__in=clusters.values("pk"), **conditions)
    for cluster, key in links.values_list("cluster_id", column):
        found[cluster].add(key)
    return found


def only_never(rows: Any) -> Any:
    """Those on no list."""
    return rows.filter(times=0)
