"""Who is no candidate for whom: rules about pairs, asked before anything is scored.

A rule takes a pair off both lists and changes no score. Two rules are confidential: a block, and
a decline, are known to the side they come from and to staff.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from clusters.choices import ClusterStatus
from clusters.models import Cluster, Membership, Project
from clusters.querysets import ClusterQuerySet
from matching.choices import Rule
from matching.models import ClusterBlock, Feedback, Introduction
from matching.querysets import SuggestionQuerySet

REST: Final = timedelta(days=365)
"""How long a pair is left in peace after it came to nothing."""

Pair = tuple[int, int]
"""Ids of two clusters, the lower one first."""


def ordered(one: int, other: int) -> Pair:
    """Return the two ids as a pair, whichever comes first."""
    return (one, other) if one < other else (other, one)


def excluded_pairs() -> dict[Rule, frozenset[Pair]]:
    """Return the pairs each rule takes out, in a number of queries that never grows."""
    return {rule: frozenset(read()) for rule, read in _RULES.items()}


def rules_between(cluster: Cluster, partner: Cluster) -> list[Rule]:
    """Return the rules that keep two clusters off each other's lists. For staff only."""
    pair = ordered(cluster.pk, partner.pk)
    return [rule for rule, pairs in excluded_pairs().items() if pair in pairs]


def offered(suggestions: SuggestionQuerySet) -> SuggestionQuerySet:
    """Return suggestions without partners that withdrew, or were put aside, since the round."""
    same = {"cluster": OuterRef("cluster"), "partner": OuterRef("partner")}
    turned = {"cluster": OuterRef("partner"), "partner": OuterRef("cluster")}
    blocks = ClusterBlock.objects.filter(
        Q(cluster=OuterRef("cluster"), blocked=OuterRef("partner"))
        | Q(cluster=OuterRef("partner"), blocked=OuterRef("cluster"))
    )
    unsuitable = Feedback.objects.unsuitable().filter(Q(**same) | Q(**turned))
    talks = Introduction.objects.resting(_a_year_ago()).filter(
        Q(asker=OuterRef("cluster"), partner=OuterRef("partner"))
        | Q(asker=OuterRef("partner"), partner=OuterRef("cluster"))
    )
    return suggestions.still_offered().exclude(
        Exists(blocks)
        | Exists(unsuitable)
        | Exists(talks)
        | Exists(Feedback.objects.put_off().filter(**same))
    )


def _a_year_ago() -> datetime:
    return timezone.now() - REST


def organisation_pairs(clusters: ClusterQuerySet) -> Iterator[Pair]:
    """Yield clusters with one carrier, and a carrier with what it runs, among those given."""
    groups: dict[str, set[int]] = defaultdict(set)
    named: dict[str, set[int]] = defaultdict(set)
    columns = ("pk", "carrier", "name", "full_name_de", "full_name_en")
    for pk, carrier, *names in clusters.published().order_by("pk").values_list(*columns):
        if key := organisation(carrier):
            groups[key].add(pk)
        for key in {organisation(name or "") for name in names} - {""}:
            named[key].add(pk)
    for key, members in groups.items():
        yield from combinations(sorted(members), 2)
        for parent in named.get(key, ()):
            yield from (ordered(parent, child) for child in members if child != parent)


def _same_people() -> Iterable[Pair]:
    """Clusters one person manages."""
    groups: dict[int, set[int]] = defaultdict(set)
    managers = Membership.objects.managers().filter(cluster__status=ClusterStatus.PUBLISHED)
    for user, cluster in managers.values_list("user_id", "cluster_id"):
        groups[user].add(cluster)
    for members in groups.values():
        yield from combinations(sorted(members), 2)


def _declined() -> Iterable[Pair]:
    """Pairs of which one side said that they do not fit, in force for twelve months."""
    return {ordered(*pair) for pair in Feedback.objects.unsuitable().pairs()}


def _in_talks() -> Iterable[Pair]:
    """Pairs that are being introduced, or came to no talk within the last twelve months."""
    rows = Introduction.objects.resting(_a_year_ago()).order_by()
    return {ordered(*pair) for pair in rows.values_list("asker_id", "partner_id")}


def _running_together() -> Iterable[Pair]:
    """Clusters in one project that runs today."""
    together: dict[int, list[int]] = defaultdict(list)
    links = Project.clusters.through._default_manager.filter(running("project__"))
    for project, cluster in links.values_list("project_id", "cluster_id"):
        together[project].append(cluster)
    for members in together.values():
        yield from combinations(sorted(members), 2)


_RULES: Final[dict[Rule, Callable[[], Iterable[Pair]]]] = {
    Rule.ORGANISATION: lambda: organisation_pairs(Cluster.objects.all()),
    Rule.PEOPLE: _same_people,
    Rule.BLOCKED: lambda: ClusterBlock.objects.pairs(),
    Rule.DECLINED: _declined,
    Rule.TALKS: _in_talks,
    Rule.PARTNERS: _running_together,
}


def running(path: str = "", today: date | None = None) -> Q:
    """Condition for projects known to run today: begun, and their end is known and ahead.

    ``path`` leads to the project. Where no end is known, nobody can say that it still runs.
    """
    day = today or timezone.localdate()
    begun = Q(**{f"{path}starts_on": None}) | Q(**{f"{path}starts_on__lte": day})
    return begun & Q(**{f"{path}ends_on__gte": day})


def organisation(carrier: str) -> str:
    """Return a carrier's name fit for comparing: without remarks in brackets, in small letters."""
    return " ".join(re.sub(r"\([^)]*\)", " ", carrier).casefold().split())


@dataclass(frozen=True, slots=True)
class ExistingPartner:
    """A cluster one runs a project with, and what the two share."""

    partner: Cluster
    projects: list[Project]


def existing_partners(cluster: Cluster) -> list[ExistingPartner]:
    """Return with whom a cluster runs projects today, by name, each with these projects."""
    projects = Project.objects.filter(running(), clusters=cluster).order_by("title", "pk")
    others = Cluster.objects.published().exclude(pk=cluster.pk)
    found: dict[int, tuple[Cluster, list[Project]]] = {}
    for project in projects.prefetch_related(Prefetch("clusters", others)):
        for partner in project.clusters.all():
            found.setdefault(partner.pk, (partner, []))[1].append(project)
    return [
        ExistingPartner(partner, shared)
        for partner, shared in sorted(found.values(), key=lambda pair: pair[0].name.casefold())
    ]
