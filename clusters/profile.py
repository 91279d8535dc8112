"""What a profile shows: facts with their sources, and everything that belongs to the cluster."""

from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.people import Person
from clusters.access import can_edit
from clusters.choices import LabelLevel, TermKind
from clusters.models import Cluster, Cooperation, Document, Term


class FactRow(NamedTuple):
    """One line of the facts; an empty value says "not known"."""

    label: str
    value: object
    note: str
    sources: list[str]
    url: str = ""


class TermGroup(NamedTuple):
    """The terms of one kind; ``facet`` is the filter they lead to, empty where there is none."""

    label: str
    facet: str
    terms: list[Term]
    sources: list[str]


class Partner(NamedTuple):
    """Another cluster and how it is known that the two have to do with each other."""

    cluster: Cluster
    kind: str
    source: str


_GROUPS = (
    (TermKind.TECHNOLOGY, "technology", "technologies"),
    (TermKind.STAGE, "stage", "stages"),
    (TermKind.SECTOR, "", "sectors"),
    (TermKind.ECOSYSTEM, "", "ecosystems"),
    (TermKind.TARGET_GROUP, "", "target_groups"),
    (TermKind.SERVICE, "", "services"),
    (TermKind.THEME, "", "technologies"),
)
# Names under which older and newer entries of ``sources`` keep the same evidence.
_ALSO = {"stages": "value_chain_stages", "sectors": "sectors_nace"}


def profile_context(cluster: Cluster, user: Person) -> dict[str, Any]:
    """Return everything the profile page shows this person; a fixed number of queries."""
    fields = list(cluster.innovation_fields.all())
    labels = list(cluster.labels.all())
    today = timezone.localdate()
    valid = [row.level for row in labels if row.valid_until is None or row.valid_until >= today]
    return {
        "cluster": cluster,
        "fields": fields,
        "field_sources": evidence(cluster, "innovation_fields"),
        "profile_sources": evidence(cluster, "profile"),
        "facts": fact_rows(cluster),
        "more_facts": cluster.facts.all(),
        "term_groups": term_groups(cluster),
        "needs": _statements(cluster.needs, user),
        "offers": _statements(cluster.offers, user),
        "labels": labels,
        "best_label": max(valid, key=LabelLevel.values.index) if valid else "",
        "projects": cluster.projects.all(),
        "practices": cluster.good_practices.all(),
        "partners": partners(cluster, user),
        "documents": Document.objects.visible_to(user).filter(cluster=cluster),
        "can_edit": can_edit(user, cluster),
    }


def _statements(entries: Any, user: Person) -> list[Any]:
    return list(
        entries.visible_to(user)
        .filter(status="published")
        .defer("search_vector", "search_text")
        .select_related("stage")
        .prefetch_related("terms")
    )


def evidence(cluster: Cluster, name: str) -> list[str]:
    """Return the source markers of a field, of its present language where it has two."""
    sources = cluster.sources or {}
    names = (name, f"{name}_{get_language()}", f"{name}_de", _ALSO.get(name, ""))
    return next((sources[key] for key in names if sources.get(key)), [])


def fact_rows(cluster: Cluster) -> list[FactRow]:
    """Return the facts in the order of the page; what is not known stays visible as such."""
    members: object = cluster.members_count or ""
    if cluster.members_count and cluster.members_year:
        members = _("%(number)s (as of %(year)s)") % {
            "number": cluster.members_count,
            "year": cluster.members_year,
        }
    alliance = capfirst({True: _("yes"), False: _("no"), None: ""}[cluster.in_alliance])
    rows = [
        ("kind", _("Kind"), capfirst(cluster.get_kind_display()), cluster.kind_note),
        (
            "activity",
            _("Activity"),
            capfirst(cluster.get_activity_display()),
            cluster.activity_note,
        ),
        ("city", _("Office"), cluster.city, cluster.location_note),
        ("district", _("District"), cluster.district or "", ""),
        ("founded_year", _("Founded"), cluster.founded_year or "", cluster.founded_note),
        ("members_count", _("Members"), members, cluster.members_note),
        ("carrier", _("Run by"), cluster.carrier, ""),
        ("in_alliance", _("Part of the ClusterAllianz.NRW"), alliance, ""),
    ]
    facts = [
        FactRow(label, value, note or "", evidence(cluster, name) if value else [])
        for name, label, value, note in rows
    ]
    website = cluster.website
    facts.append(
        FactRow(_("Website"), website, "", evidence(cluster, "website") if website else [], website)
    )
    return facts


def term_groups(cluster: Cluster) -> list[TermGroup]:
    """Return the terms of the cluster by kind, kinds without terms left out."""
    by_kind: dict[str, list[Term]] = {}
    for term in cluster.terms.all():
        by_kind.setdefault(term.kind, []).append(term)
    return [
        TermGroup(str(kind.label), facet, by_kind[kind], evidence(cluster, source))
        for kind, facet, source in _GROUPS
        if kind in by_kind
    ]


def partners(cluster: Cluster, user: Person) -> list[Partner]:
    """Return clusters known to have worked with this one, as far as the person may see them."""
    known = list(Cooperation.objects.filter(Q(first=cluster) | Q(second=cluster)))
    others = {row: row.second_id if row.first_id == cluster.pk else row.first_id for row in known}
    visible = Cluster.objects.visible_to(user).only("slug", "name").in_bulk(set(others.values()))
    found = [
        Partner(visible[other], row.get_kind_display(), row.source)
        for row, other in others.items()
        if other in visible
    ]
    return sorted(found, key=lambda partner: partner.cluster.name.casefold())
