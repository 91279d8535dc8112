"""Figures about whole sets of lists: who is seen how often, and what changes between two sets.

Plain values in, plain values out; no Django and no numpy, so pages may use it as they are.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def gini(counts: Iterable[float]) -> float:
    """How unevenly things are shared: 0 where all have the same, (n − 1)/n where one has all.

    ``counts`` are not negative, one for each of those who could have had some, zeros included. The
    mean difference of all pairs divided by twice the mean, computed from the sorted figures:
    G = 2·Σ i·x(i) / (n·Σ x) − (n + 1)/n, i from 1. Nobody, or nothing to share, is 0.

    Source: C. Gini, «Variabilità e mutabilità», 1912; the sorted form in A. Sen, «On Economic
    Inequality», 1973.

    :raises ValueError: for a negative figure.
    """
    values = sorted(counts)
    if values and values[0] < 0:
        raise ValueError("Shares are not negative.")
    total = sum(values)
    if not total:
        return 0.0
    size = len(values)
    weighted = sum(place * value for place, value in enumerate(values, 1))
    return max(0.0, 2 * weighted / (size * total) - (size + 1) / size)


def coverage(counts: Iterable[float]) -> float:
    """Share of those who appear at least once, of all who could appear; 0 where nobody could.

    «Catalogue coverage» in M. Ge, C. Delgado-Battenfeld, D. Jannach, «Beyond accuracy», RecSys
    2010.
    """
    values = list(counts)
    return sum(value > 0 for value in values) / len(values) if values else 0.0


def appearances(
    lists: Mapping[Key, Sequence[Key]], candidates: Iterable[Key] = ()
) -> dict[Key, int]:
    """How often each is on the lists of others; ``candidates`` that are on none count 0."""
    counts = dict.fromkeys(candidates, 0)
    for listed in lists.values():
        for one in listed:
            counts[one] = counts.get(one, 0) + 1
    return counts


def share_from_another_field(
    lists: Mapping[Key, Sequence[Key]], fields: Mapping[Key, Collection[str]]
) -> float:
    """Share of suggestions that have no innovation field in common with whose list they are on.

    Suggestions where either side names no field are left out, because nothing can be said of them.
    0 where none is left.
    """
    known = other = 0
    for owner, listed in lists.items():
        mine = set(fields.get(owner, ()))
        for one in listed:
            theirs = fields.get(one, ())
            if mine and theirs:
                known += 1
                other += mine.isdisjoint(theirs)
    return other / known if known else 0.0


@dataclass(frozen=True, slots=True)
class ListChange:
    """What happened to one list. Ranks count from 1."""

    entered: tuple[tuple[Hashable, int], ...]
    """Who is new, with the new rank."""
    left: tuple[tuple[Hashable, int], ...]
    """Who is gone, with the old rank."""
    moved: tuple[tuple[Hashable, int, int], ...]
    """Who stayed on another rank: old, new."""

    @property
    def size(self) -> int:
        """Number of entries that are not what and where they were."""
        return len(self.entered) + len(self.left) + len(self.moved)

    def __bool__(self) -> bool:
        return self.size > 0


def compare_lists(before: Sequence[Hashable], after: Sequence[Hashable]) -> ListChange:
    """Say who entered, left and moved; nobody may stand on a list twice."""
    old = {one: rank for rank, one in enumerate(before, 1)}
    new = {one: rank for rank, one in enumerate(after, 1)}
    return ListChange(
        entered=tuple((one, rank) for one, rank in new.items() if one not in old),
        left=tuple((one, rank) for one, rank in old.items() if one not in new),
        moved=tuple(
            (one, old[one], rank) for one, rank in new.items() if one in old and old[one] != rank
        ),
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of lists treats all who could be suggested; shares in [0,1]."""

    candidates: int
    never: int
    coverage: float
    gini: float
    from_another_field: float


def measure_spread(
    lists: Mapping[Key, Sequence[Key]],
    candidates: Collection[Key],
    fields: Mapping[Key, Collection[str]],
) -> Spread:
    """Measure coverage, Gini and the share from another field; others than candidates count not."""
    allowed = set(candidates)
    counts = appearances(
        {owner: [one for one in listed if one in allowed] for owner, listed in lists.items()},
        allowed,
    )
    return Spread(
        candidates=len(allowed),
        never=sum(not count for count in counts.values()),
        coverage=coverage(counts.values()),
        gini=gini(counts.values()),
        from_another_field=share_from_another_field(lists, fields),
    )
