"""Clusters with their facts, needs, offers, labels and relations."""

import calendar
import datetime
import re
from typing import Any

from django.utils import timezone

from clusters.choices import ClusterKind, ClusterStatus, CooperationKind, TermKind
from clusters.models import Cluster, Cooperation, Fact, LabelAward, Need, Offer, Statement, Term
from clusters.nrw.files import evidence, read, text
from clusters.search import refresh_clusters, refresh_needs, refresh_offers
from core.imports import Import, Record, save_row

# Speaks for all clusters: what was collected from many of them is told there.
INITIATIVE = "cluster-dialog-nrw"
# Moderators and alliances bring partners together; they are not partners themselves.
NO_PARTNERS = {ClusterKind.ALLIANCE, ClusterKind.INITIATIVE}
FIELD_NAMES = {
    "status": "activity",
    "status_note": "activity_note",
    "lat": "latitude",
    "lon": "longitude",
    "cluster_allianz": "in_alliance",
}
TERM_LISTS = (
    ("sectors_nace", TermKind.SECTOR),
    ("ecosystems", TermKind.ECOSYSTEM),
    ("value_chain_stages", TermKind.STAGE),
)


def load_clusters(run: Import) -> None:
    """Load clusters and what hangs on them, and let search know what was written."""
    clusters = read("clusters")
    written: dict[str, list[int]] = {"cluster": [], "need": [], "offer": []}
    terms = _Terms()
    for record in clusters["clusters"]:
        if _load_cluster(run, record, terms):
            written["cluster"].append(run.ids("cluster")[record["id"]])
    entries = [
        (kind, f"{record['id']}/{number}", record["id"], entry)
        for record in clusters["clusters"]
        for kind in ("need", "offer")
        for number, entry in enumerate(record[f"{kind}s"])
    ]
    entries += [
        (kind, entry["id"], INITIATIVE, entry)
        for kind in ("need", "offer")
        for entry in clusters[f"collective_{kind}s"]
        # Wishes of another state's clusters are told where they were voiced: at their workshop.
        if entry["scope"] == "NRW"
    ]
    for kind, key, slug, entry in entries:
        if _load_statement(run, kind, key, slug, entry, terms):
            written[kind].append(run.ids(kind)[key])
    _load_labels(run)
    _load_relations(run)
    refreshers = {"cluster": refresh_clusters, "need": refresh_needs, "offer": refresh_offers}
    for kind, ids in written.items():
        # An update of no rows would still move the version of the public data.
        if ids:
            refreshers[kind](ids)


class _Terms:
    """The vocabulary by code, to link rows with."""

    def __init__(self) -> None:
        self._ids = {
            (kind, code): pk for pk, kind, code in Term.objects.values_list("id", "kind", "code")
        }

    def of(self, kind: str, codes: list[str]) -> list[int]:
        return [self._ids[kind, code] for code in codes]

    def of_topics(self, codes: list[str]) -> list[int]:
        """Return the terms of entries of ``topics.json``, which came to be of several kinds."""
        kinds = (TermKind.TECHNOLOGY, TermKind.SERVICE, TermKind.THEME)
        return [
            next(self._ids[kind, code] for kind in kinds if (kind, code) in self._ids)
            for code in codes
        ]


def _load_cluster(run: Import, record: Record, terms: _Terms) -> bool:
    fields, districts = run.ids("field"), run.ids("district")

    def write(pk: int | None) -> Cluster:
        cluster = save_row(
            Cluster,
            pk,
            natural_key={"slug": record["id"]},
            **_cluster_values(record),
            district_id=districts[record["district"]] if record["district"] else None,
        )
        if cluster.published_at is None:
            cluster.published_at = timezone.now()
            cluster.save(update_fields=["published_at"])
        cluster.innovation_fields.set([fields[code] for code in record["innovation_fields"]])
        cluster.terms.set(
            terms.of_topics(record["technologies"])
            + [pk for name, kind in TERM_LISTS for pk in terms.of(kind, record[name])]
        )
        cluster.facts.all().delete()
        for position, fact in enumerate(record["facts"]):
            Fact.objects.create(
                cluster=cluster, position=position, source=fact["source"], **text(fact, "text")
            )
        return cluster

    said = {name: value for name, value in record.items() if name not in {"needs", "offers"}}
    return run.put("cluster", record["id"], said, write)


def _cluster_values(record: Record) -> dict[str, Any]:
    """Return what the columns of a cluster hold. A guessed city never becomes one of them."""
    kind = record["kind"]
    return {
        "name": record["name"],
        **text(record, "full_name"),
        "kind": kind,
        **text(record, "kind_note"),
        "status": ClusterStatus.PUBLISHED,
        "activity": record["status"],
        "activity_note_de": record["status_note_de"] or "",
        "activity_note_en": record["status_note_en"] or "",
        **text(record, "profile"),
        "city": record["city"] or "",
        "location_status": record["location_status"],
        **text(record, "location_note"),
        "latitude": record["lat"],
        "longitude": record["lon"],
        "founded_year": record["founded_year"],
        **text(record, "founded_note"),
        "website": record["website"] or "",
        "carrier": record["carrier"] or "",
        "members_count": record["members_count"],
        "members_year": record["members_year"],
        **text(record, "members_note"),
        "in_alliance": record["cluster_allianz"],
        "may_be_suggested": kind not in NO_PARTNERS,
        "sources": evidence(record, FIELD_NAMES),
    }


def _load_statement(
    run: Import, kind: str, key: str, slug: str, entry: Record, terms: _Terms
) -> bool:
    model: type[Statement] = Need if kind == "need" else Offer

    def write(pk: int | None) -> Statement:
        statement = save_row(
            model,
            pk,
            natural_key={},
            cluster_id=run.ids("cluster")[slug],
            source=entry["source"],
            **text(entry, "text"),
        )
        statement.terms.set(terms.of_topics(entry["topic_ids"]))
        return statement

    return run.put(kind, key, entry, write)


def _load_labels(run: Import) -> None:
    clusters = run.ids("cluster")
    levels = {level["id"]: level for level in read("labels")["scheme"]["levels"]}
    for award in read("labels")["awards"]:

        def write(pk: int | None, award: Record = award) -> LabelAward:
            date = award["date"] or ""
            exact = re.fullmatch(r"\d{4}-\d{2}-\d{2}", date)
            return save_row(
                LabelAward,
                pk,
                natural_key={"code": award["id"]},
                cluster_id=clusters[award["cluster"]],
                level=award["level"],
                year=award["year"],
                awarded_on=datetime.date.fromisoformat(date) if exact else None,
                valid_until=valid_until(award, levels[award["level"]]),
                is_renewal=award["award_type"] == "renewal",
                sources=award["sources"],
                **text(award, "note"),
            )

        run.put("label", award["id"], [award, levels[award["level"]]], write)


def valid_until(award: Record, level: Record) -> datetime.date | None:
    """Return the last day of a label, or None where the scheme or the date leaves it open.

    A month is enough (its last day counts), a year is not.
    """
    name = "renewal_validity_years" if award["award_type"] == "renewal" else "validity_years"
    years, date = level[name], award["date"]
    if not years or not date:
        return None
    year, month, *day = (int(part) for part in date.split("-"))
    last = calendar.monthrange(year + years, month)[1]
    return datetime.date(year + years, month, min(day[0], last) if day else last)


def _load_relations(run: Import) -> None:
    clusters = run.ids("cluster")
    pairs: dict[tuple[int, int], tuple[str, str]] = {}
    for record in read("clusters")["clusters"]:
        markers = record["sources"].get("related", ["derived"])
        for other in record["related"]:
            first, second = sorted((clusters[record["id"]], clusters[other]))
            pairs.setdefault((first, second), ("/".join(sorted((record["id"], other))), markers[0]))
    for (first, second), (key, source) in pairs.items():

        def write(
            pk: int | None, first: int = first, second: int = second, source: str = source
        ) -> Cooperation:
            return save_row(
                Cooperation,
                pk,
                natural_key={
                    "first_id": first,
                    "second_id": second,
                    "kind": CooperationKind.RELATED,
                },
                source=source,
            )

        run.put("relation", key, [key, source], write)
