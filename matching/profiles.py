"""From rows to the profiles of the engine, in a number of queries that never grows.

What an audience may not read is not fetched for it: neither entries above its level nor voices
for topics that were not given in public. The engine filters once more.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

from django.db.models import Q, QuerySet

from clusters.choices import (
    ClusterActivity,
    ClusterStatus,
    CooperationKind,
    StatementStatus,
    TermKind,
)
from clusters.models import (
    Cluster,
    Cooperation,
    InnovationField,
    Need,
    Offer,
    Project,
    Term,
)
from events.choices import EventStatus, RegistrationState
from events.models import Registration
from matching.choices import Audience
from matching.engine.profile import Bilingual, Profile, Statement, Vocabulary
from matching.querysets import LEVELS
from matching.suggesting.candidates import Pair, excluded_pairs
from topics.models import Endorsement, Topic

AT_WORK: Final = (ClusterActivity.ACTIVE, ClusterActivity.UNKNOWN)
WORD_KINDS: Final = (TermKind.TECHNOLOGY, TermKind.THEME, TermKind.ECOSYSTEM)
"""Kinds that tell clusters apart; most clusters have the same services and target groups."""
BESIDE_THE_CHAIN: Final = frozenset({"qualifizierung"})
"""Stages that accompany all others: they come last in the list, yet are nobody's neighbour."""
JOINT: Final = (CooperationKind.PROJECT, CooperationKind.PARTNERSHIP)

Keys = dict[int, set[str]]


@dataclass(frozen=True, slots=True)
class Examples:
    """What was made up to show the portal: whatever rests on it must say so."""

    needs: frozenset[int]
    offers: frozenset[int]
    voices: frozenset[tuple[int, str]]
    """Cluster and topic."""
    visits: frozenset[tuple[int, int]]
    """Cluster and event."""
    joint: Mapping[Pair, int]
    """Joint projects of two clusters (lower id first) that are examples."""


@dataclass(frozen=True, slots=True)
class World:
    """All that one computation for one audience needs."""

    profiles: list[Profile]
    vocabulary: Vocabulary
    excluded: frozenset[Pair]
    examples: Examples


def read_world(audience: Audience) -> World:
    """Read every cluster that takes part, as ``audience`` may know it."""
    return _Reader(audience).world()


def takes_part(cluster: Cluster) -> bool:
    """Tell whether suggestions are computed for a cluster: it is published and still at work."""
    return cluster.is_published and cluster.activity in AT_WORK


def read_own_profile(cluster: Cluster) -> Profile | None:
    """Return a cluster as its own people know it, for hints on what is missing.

    Run-out entries are included, what was done together with others is not. None: the cluster
    takes no part.
    """
    return next(iter(_Reader(Audience.STAFF, only=cluster.pk).profiles()), None)


class _Reader:
    """Reads table after table; ``only`` restricts it to one cluster with all its entries."""

    def __init__(self, audience: Audience, only: int | None = None) -> None:
        self.audience = audience
        self.only = only
        self._rows = self._clusters()
        self._fields = self._collect(Cluster.innovation_fields.through, "innovationfield__code")
        self._terms, self._cross_cutting = self._read_terms()
        self._needs, self._example_needs = self._statements(Need)
        self._offers, self._example_offers = self._statements(Offer)
        self._topics, self._voices = self._read_topics()

    def world(self) -> World:
        """Everything, what clusters did together included."""
        visited, visits = self._visits()
        joint, example_joint = self._joint()
        partners: dict[int, dict[int, int]] = defaultdict(dict)
        for (first, second), number in joint.items():
            partners[first][second] = partners[second][first] = number
        return World(
            profiles=[
                replace(
                    profile,
                    cooperations=partners[profile.id],
                    events_attended=frozenset(visited[profile.id]),
                )
                for profile in self.profiles()
            ],
            vocabulary=self._vocabulary(),
            excluded=frozenset().union(*excluded_pairs().values()),
            examples=Examples(
                needs=frozenset(self._example_needs),
                offers=frozenset(self._example_offers),
                voices=frozenset(self._voices),
                visits=frozenset(visits),
                joint=example_joint,
            ),
        )

    def profiles(self) -> list[Profile]:
        """What each cluster says about itself."""
        return [self._profile(row) for row in self._rows]

    def _profile(self, row: dict[str, Any]) -> Profile:
        terms = self._terms[row["id"]]
        return Profile(
            id=row["id"],
            fields=frozenset(self._fields[row["id"]]),
            sectors=_keys(terms, TermKind.SECTOR),
            stages=_keys(terms, TermKind.STAGE),
            terms=_keys(terms, *WORD_KINDS),
            cross_cutting_terms=frozenset(terms & self._cross_cutting),
            followed_topics=frozenset(self._topics[row["id"]]),
            needs=tuple(self._needs[row["id"]]),
            offers=tuple(self._offers[row["id"]]),
            text_de=row["profile_de"] or "",
            text_en=row["profile_en"] or "",
            agreed_to_be_suggested=row["may_be_suggested"]
            and row["activity"] == ClusterActivity.ACTIVE,
        )

    def _taking_part(self, path: str = "") -> Q:
        """Condition for rows of clusters that take part; ``path`` leads to the cluster."""
        condition = Q(
            **{
                f"{path}status": ClusterStatus.PUBLISHED,
                f"{path}activity__in": AT_WORK,
            }
        )
        return condition & Q(**{f"{path}pk": self.only}) if self.only else condition

    def _clusters(self) -> list[dict[str, Any]]:
        rows = Cluster.objects.filter(self._taking_part()).order_by("pk")
        columns = ("id", "profile_de", "profile_en", "may_be_suggested", "activity")
        return list(rows.values(*columns))

    def _collect(self, through: type[Any], key: str) -> Keys:
        """Keys by cluster from a table between clusters and something else."""
        found: Keys = defaultdict(set)
        rows = through._default_manager.filter(self._taking_part("cluster__"))
        for cluster, value in rows.values_list("cluster_id", key):
            found[cluster].add(value)
        return found

    def _read_terms(self) -> tuple[Keys, set[str]]:
        """Keys of terms by cluster, and the keys of cross-cutting technologies."""
        found: Keys = defaultdict(set)
        cross_cutting = set()
        through: Any = Cluster.terms.through
        rows = through._default_manager.filter(self._taking_part("cluster__"))
        for cluster, kind, code, is_cross_cutting in rows.values_list(
            "cluster_id", "term__kind", "term__code", "term__is_cross_cutting"
        ):
            key = term_key(kind, code)
            if kind != TermKind.STAGE or code not in BESIDE_THE_CHAIN:
                found[cluster].add(key)
            if is_cross_cutting:
                cross_cutting.add(key)
        return found, cross_cutting

    def _statements(
        self, model: type[Need] | type[Offer]
    ) -> tuple[dict[int, list[Statement]], set[int]]:
        """Needs or offers by cluster, and the ids of those that are examples."""
        rows: QuerySet[Any] = model.objects.filter(self._taking_part("cluster__"))
        if self.only:
            rows = rows.filter(status=StatementStatus.PUBLISHED)
        else:
            rows = rows.filter(
                pk__in=model.objects.current(), confidentiality__in=LEVELS[self.audience]
            )
        name = model._meta.model_name
        terms: Keys = defaultdict(set)
        links = model.terms.through._default_manager.filter(**{f"{name}__in": rows})
        for statement, kind, code in links.values_list(f"{name}_id", "term__kind", "term__code"):
            terms[statement].add(term_key(kind, code))
        found: dict[int, list[Statement]] = defaultdict(list)
        examples = set()
        columns = ("id", "cluster_id", "text_de", "text_en", "confidentiality", "valid_until")
        for row in rows.order_by("pk").values(*columns, "is_example"):
            found[row["cluster_id"]].append(
                Statement(
                    id=row["id"],
                    text_de=row["text_de"] or "",
                    text_en=row["text_en"] or "",
                    terms=frozenset(terms[row["id"]]),
                    confidentiality=row["confidentiality"],
                    valid_until=row["valid_until"],
                )
            )
            if row["is_example"]:
                examples.add(row["id"])
        return found, examples

    def _read_topics(self) -> tuple[Keys, set[tuple[int, str]]]:
        """Topics a cluster stands for: proposed or endorsed. Persons' own follows stay theirs."""
        found: Keys = defaultdict(set)
        examples: set[tuple[int, str]] = set()
        published = Topic.objects.published()
        voices: QuerySet[Any] = Endorsement.objects.filter(
            self._taking_part("cluster__"), topic__in=published
        )
        if self.audience != Audience.STAFF:
            voices = voices.filter(is_public=True)
        said = voices.values_list("cluster_id", "topic__slug", "is_example")
        proposed = published.filter(self._taking_part("proposed_by__")).values_list(
            "proposed_by_id", "slug", "is_example"
        )
        for cluster, slug, is_example in (*said, *proposed):
            found[cluster].add(slug)
            if is_example:
                examples.add((cluster, slug))
        return found, examples

    def _visits(self) -> tuple[dict[int, set[int]], set[tuple[int, int]]]:
        """Events somebody of the cluster really attended."""
        found: dict[int, set[int]] = defaultdict(set)
        examples: set[tuple[int, int]] = set()
        genuine: set[tuple[int, int]] = set()
        rows = Registration.objects.filter(
            self._taking_part("cluster__"),
            state=RegistrationState.ATTENDED,
            event__status=EventStatus.PUBLISHED,
        )
        for cluster, event, is_example in rows.values_list("cluster_id", "event_id", "is_example"):
            if cluster is not None:
                found[cluster].add(event)
                (examples if is_example else genuine).add((cluster, event))
        return found, examples - genuine

    def _joint(self) -> tuple[dict[Pair, int], dict[Pair, int]]:
        """How many projects two clusters share, and how many of these are examples.

        A partnership, or a joint project known without its name, counts as one where no project
        says more. ``related`` organisations have done nothing together yet.
        """
        together: dict[int, list[int]] = defaultdict(list)
        examples = set()
        rows = Project.clusters.through._default_manager.filter(
            self._taking_part("cluster__")
        ).order_by("project_id", "cluster_id")
        for project, cluster, is_example in rows.values_list(
            "project_id", "cluster_id", "project__is_example"
        ):
            together[project].append(cluster)
            if is_example:
                examples.add(project)
        joint: Counter[Pair] = Counter()
        made_up: Counter[Pair] = Counter()
        for project, members in together.items():
            for pair in combinations(members, 2):
                joint[pair] += 1
                made_up[pair] += project in examples
        known = Cooperation.objects.filter(
            self._taking_part("first__") | self._taking_part("second__"), kind__in=JOINT
        )
        for pair in known.values_list("first_id", "second_id"):
            joint[pair] = max(joint[pair], made_up[pair] + 1)
        return dict(joint), {pair: number for pair, number in made_up.items() if number}

    def _vocabulary(self) -> Vocabulary:
        terms = {}
        stages = []
        rows = Term.objects.order_by("position", "code")
        for kind, code, de, en in rows.values_list("kind", "code", "label_de", "label_en"):
            terms[term_key(kind, code)] = _bilingual(de, en)
            if kind == TermKind.STAGE and code not in BESIDE_THE_CHAIN:
                stages.append(term_key(kind, code))
        fields = InnovationField.objects.values_list("code", "name_de", "name_en")
        topics = Topic.objects.published().values_list("slug", "title_de", "title_en")
        return Vocabulary(
            terms=terms,
            fields={code: _bilingual(de, en) for code, de, en in fields},
            topics={slug: _bilingual(de, en) for slug, de, en in topics},
            stages=tuple(stages),
        )


def term_key(kind: str, code: str) -> str:
    """Return the name of a term inside the engine; codes repeat between kinds."""
    return f"{kind}:{code}"


def _keys(keys: set[str], *kinds: TermKind) -> frozenset[str]:
    return frozenset(key for key in keys if key.partition(":")[0] in kinds)


def _bilingual(de: str | None, en: str | None) -> Bilingual:
    return {"de": de or en or "", "en": en or de or ""}
