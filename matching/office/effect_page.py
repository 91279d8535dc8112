"""What the effect of a draft looks like on a page: lists side by side, and the figures over all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clusters.models import Cluster
from matching.engine.metrics import compare_lists
from matching.models import WeightsEffect
from matching.office.weighing import steps_of


@dataclass(frozen=True, slots=True)
class Place:
    """One partner on a list; ``other_rank`` is the rank on the list beside, None: not on it."""

    partner: Cluster
    rank: int
    other_rank: int | None
    is_after: bool

    @property
    def note(self) -> str:
        """What happened, in words; empty where nothing did."""
        if self.other_rank is None:
            return _("new") if self.is_after else _("drops out")
        if self.other_rank == self.rank or not self.is_after:
            return ""
        facts = {"rank": self.other_rank}
        if self.rank < self.other_rank:
            return _("up, was %(rank)d") % facts
        return _("down, was %(rank)d") % facts

    @property
    def kind(self) -> str:
        """How the note is marked."""
        if self.other_rank is None:
            return "success" if self.is_after else "warning"
        return "info"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The list of one cluster with two sets of weights, or in two rounds."""

    cluster: Cluster
    before: Sequence[Place]
    after: Sequence[Place]
    entered: int
    left: int
    moved: int

    @property
    def is_changed(self) -> bool:
        return bool(self.entered or self.left or self.moved)


def side_by_side(
    owners: Sequence[int], lists: Mapping[int, tuple[Sequence[int], Sequence[int]]]
) -> list[SideBySide]:
    """Return lists as people read them, in one query; ``lists`` maps owners to before and after.

    Clusters that are gone since are left out.
    """
    wanted = set(owners)
    for owner in owners:
        for listed in lists.get(owner, ((), ())):
            wanted.update(listed)
    clusters = Cluster.objects.only("pk", "slug", "name").in_bulk(list(wanted))
    return [
        _of_owner(clusters[owner], *lists.get(owner, ((), ())), clusters)
        for owner in owners
        if owner in clusters
    ]


def _of_owner(
    cluster: Cluster,
    before: Sequence[int],
    after: Sequence[int],
    clusters: Mapping[int, Cluster],
) -> SideBySide:
    change = compare_lists(before, after)
    old = {one: rank for rank, one in enumerate(before, 1)}
    new = {one: rank for rank, one in enumerate(after, 1)}

    def places(ranks: Mapping[int, int], others: Mapping[int, int], *, after: bool) -> list[Place]:
        return [
            Place(clusters[one], rank, others.get(one), after)
            for one, rank in ranks.items()
            if one in clusters
        ]

    return SideBySide(
        cluster,
        places(old, new, after=False),
        places(new, old, after=True),
        len(change.entered),
        len(change.left),
        len(change.moved),
    )


def effect_lists(effect: WeightsEffect, owners: Sequence[int]) -> list[SideBySide]:
    """Return the lists of some clusters with today's weights and with the draft."""
    lists = {owner: effect.lists.get(str(owner), {}) for owner in owners}
    return side_by_side(
        owners, {o: (pair.get("before", ()), pair.get("after", ())) for o, pair in lists.items()}
    )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure over all lists, before and after; shares are given in per cent."""

    label: str
    before: float
    after: float
    is_share: bool
    hint: str


def figure_rows(summary: Mapping[str, Any]) -> list[FigureRow]:
    """Return coverage, Gini and the share from another field with what they mean."""
    before, after = summary["before"], summary["after"]
    rows = (
        ("coverage", True, _("Coverage"), _("share of clusters that are on at least one list")),
        ("never", False, _("Never suggested"), _("clusters that agreed and are on no list")),
        ("gini", False, _("Gini"), _("0: all are suggested equally often; 1: always the same")),
        (
            "from_another_field",
            True,
            _("From another field"),
            _("share of suggestions without an innovation field in common"),
        ),
    )
    return [
        FigureRow(
            label,
            before[key] * 100 if share else before[key],
            after[key] * 100 if share else after[key],
            share,
            hint,
        )
        for key, share, label, hint in rows
    ]


def is_of(effect: WeightsEffect | None, values: Mapping[str, float]) -> bool:
    """Tell whether an effect was computed with these weights."""
    return effect is not None and all(
        steps_of(effect.values.get(part, -1)) == steps_of(value) for part, value in values.items()
    )
