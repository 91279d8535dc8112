"""Profiles, needs and offers as plain values: what drafts hold, diffs compare and staff accepts.

A snapshot maps a field name to a JSON value. Vocabulary fields hold sorted lists of primary keys;
the terms of a cluster stand under one name a kind (``terms_technology``, …), so that two people
who touch different kinds never disagree.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils import timezone

from clusters.choices import ClusterStatus, LocationStatus, TermKind
from clusters.models import Cluster, District, InnovationField, Need, Offer, Term

Values = dict[str, Any]

TERM_FIELDS = {f"terms_{kind.value}": kind for kind in TermKind}
PROFILE_PLAIN = (
    "name",
    "full_name_de",
    "full_name_en",
    "profile_de",
    "profile_en",
    "city",
    "website",
    "carrier",
    "founded_year",
    "members_count",
    "members_year",
    "may_be_suggested",
)
PROFILE_FIELDS = (*PROFILE_PLAIN, "district", "logo", "innovation_fields", *TERM_FIELDS)
STATEMENT_FIELDS = ("text_de", "text_en", "terms", "stage", "valid_until", "confidentiality")

EMPTY_STATEMENT: Values = {
    "text_de": "",
    "text_en": "",
    "terms": [],
    "stage": None,
    "valid_until": None,
    "confidentiality": "",
}


def snapshot(entry: Model | None) -> Values:
    """Return the live values of a cluster, need or offer; ``None`` stands for a new entry."""
    if entry is None:
        return dict(EMPTY_STATEMENT)
    if isinstance(entry, Cluster):
        return _snapshot_cluster(entry)
    if isinstance(entry, Need | Offer):
        return _snapshot_statement(entry)
    raise TypeError(entry)


def _snapshot_cluster(cluster: Cluster) -> Values:
    # None and "" both say "nothing known"; one of them in snapshots keeps diffs quiet.
    values: Values = {
        name: "" if getattr(cluster, name) is None else getattr(cluster, name)
        for name in PROFILE_PLAIN
    }
    for name in ("founded_year", "members_count", "members_year"):
        values[name] = getattr(cluster, name)
    values["district"] = cluster.district_id
    values["logo"] = cluster.logo.name or ""
    values["innovation_fields"] = sorted(field.pk for field in cluster.innovation_fields.all())
    terms = list(cluster.terms.all())
    for name, kind in TERM_FIELDS.items():
        values[name] = sorted(term.pk for term in terms if term.kind == kind)
    return values


def _snapshot_statement(entry: Need | Offer) -> Values:
    until = entry.valid_until
    return {
        "text_de": entry.text_de or "",  # type: ignore[union-attr]
        "text_en": entry.text_en or "",  # type: ignore[union-attr]
        "terms": sorted(term.pk for term in entry.terms.all()),
        "stage": entry.stage_id,
        "valid_until": until.isoformat() if until else None,
        "confidentiality": entry.confidentiality,
    }


def preview_of(cluster: Cluster, values: Values) -> Cluster:
    """Return an unsaved copy of the cluster that reads as if the values were live."""
    seen = copy(cluster)
    seen.sources = _own_word(cluster, changed_only(snapshot(cluster), values))
    for name in PROFILE_PLAIN:
        setattr(seen, name, values[name])
    seen.district = District.objects.filter(pk=values["district"]).first()
    seen.logo = values["logo"]
    terms = [pk for name in TERM_FIELDS for pk in values[name]]
    # Templates read relations through the prefetch cache, as if they had been saved.
    seen._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "innovation_fields": InnovationField.objects.filter(pk__in=values["innovation_fields"]),
        "terms": Term.objects.filter(pk__in=terms),
    }
    return seen


def changed_only(live: Values, wished: Values) -> Values:
    """Return the wished values that differ from the live ones."""
    return {name: value for name, value in wished.items() if live.get(name) != value}


def apply_to_cluster(cluster: Cluster, values: Values) -> None:
    """Write accepted values to a cluster and its vocabulary, and save it.

    What evidenced an old value no longer evidences the new one: the source of each changed field
    becomes the cluster's own word.
    """
    for name in PROFILE_PLAIN:
        if name in values:
            setattr(cluster, name, values[name])
    if "district" in values:
        cluster.district_id = values["district"]
    if "logo" in values:
        cluster.logo = values["logo"]
    cluster.sources = _own_word(cluster, values)
    if "city" in values:
        _locate(cluster)
    cluster.save()
    if "innovation_fields" in values:
        cluster.innovation_fields.set(values["innovation_fields"])
    for name, kind in TERM_FIELDS.items():
        if name in values:
            others = cluster.terms.exclude(kind=kind).values_list("pk", flat=True)
            wanted = Term.objects.filter(kind=kind, pk__in=values[name])
            cluster.terms.set([*others, *wanted.values_list("pk", flat=True)])


def _own_word(cluster: Cluster, values: Values) -> dict[str, Any]:
    marker = f"cluster:{timezone.localdate().isoformat()}"
    return {**cluster.sources, **{_source_name(name): [marker] for name in values}}


def _source_name(name: str) -> str:
    """Return the key of a field in ``Cluster.sources``: both languages of a text share one."""
    base = name.removesuffix("_de").removesuffix("_en")
    return {
        "terms_technology": "technologies",
        "terms_sector": "sectors",
        "terms_ecosystem": "ecosystems",
        "terms_stage": "stages",
        "terms_target_group": "target_groups",
        "terms_service": "services",
        "terms_theme": "themes",
    }.get(base, base)


def _locate(cluster: Cluster) -> None:
    """Take the coordinates of the new city from a cluster known to be there, else none."""
    known = (
        Cluster.objects.filter(city=cluster.city, latitude__isnull=False)
        .exclude(pk=cluster.pk)
        .exclude(status=ClusterStatus.ARCHIVED)
        .first()
        if cluster.city
        else None
    )
    cluster.latitude = known.latitude if known else None
    cluster.longitude = known.longitude if known else None
    for name in ("latitude", "longitude"):
        cluster.sources.pop(name, None)
    cluster.location_status = LocationStatus.VERIFIED if cluster.city else LocationStatus.UNKNOWN


def apply_to_statement(entry: Need | Offer, values: Values) -> None:
    """Write accepted values to a need or offer and save it; it is now the cluster's own word."""
    for name in ("text_de", "text_en", "confidentiality"):
        if name in values:
            setattr(entry, name, values[name])
    if "valid_until" in values:
        until = values["valid_until"]
        entry.valid_until = date.fromisoformat(until) if until else None
    if "stage" in values:
        entry.stage_id = values["stage"]
    entry.is_example = False
    entry.source = ""
    entry.save()
    if "terms" in values:
        entry.terms.set(Term.objects.filter(pk__in=values["terms"]))
