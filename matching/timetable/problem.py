"""What is to be solved, and what comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

Pair = tuple[int, int]
"""Two people, the lower id first."""
Mark = Literal["want", "open", "no"]

MUTUAL: Final = 4
ONE_SIDED: Final = 1
SCORE_STEPS: Final = 1000
"""Scores are compared in thousandths, so that sums are whole numbers and exact."""


def pair_of(one: int, other: int) -> Pair:
    """Return two people in the order of their ids."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part; ``slots`` in which they are there, ``group`` never meets itself."""

    id: int
    slots: frozenset[int]
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Who is there when, who wishes for whom, and what must stay.

    ``tables[s]`` is how many meetings slot ``s`` has room for. ``wishes[who, whom]`` is one mark;
    ``scores`` are in [0,1]. ``locked`` meetings stay whatever wishes and availability say; a
    ``hints`` meeting stays where that costs none of the first three aims. ``tables_of`` are the
    tables these two kinds of meetings have now.

    :raises ValueError: for unknown people or slots, or somebody locked twice in one slot.
    """

    people: tuple[Person, ...]
    tables: tuple[int, ...]
    minimum: int = 0
    wishes: Mapping[tuple[int, int], Mark] = field(default_factory=dict)
    scores: Mapping[Pair, float] = field(default_factory=dict)
    locked: Mapping[Pair, int] = field(default_factory=dict)
    hints: Mapping[Pair, int] = field(default_factory=dict)
    tables_of: Mapping[Pair, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = {person.id for person in self.people}
        if len(known) < len(self.people):
            raise ValueError("A person is named twice.")
        seats: Counter[tuple[int, int]] = Counter()
        for pair, slot in self.locked.items():
            if pair[0] >= pair[1] or not known.issuperset(pair):
                raise ValueError(f"Not a pair of the people: {pair}")
            if not 0 <= slot < len(self.tables):
                raise ValueError(f"There is no slot {slot}.")
            seats.update((person, slot) for person in pair)
        if twice := [seat for seat, number in seats.items() if number > 1]:
            raise ValueError(f"Locked twice in one slot: {min(twice)}")

    def value(self, pair: Pair) -> int:
        """Return what a meeting counts for the wishes: mutual 4, one-sided 1, else 0."""
        one, other = pair
        wants = [self.wishes.get(key) == "want" for key in ((one, other), (other, one))]
        return MUTUAL if all(wants) else ONE_SIDED if any(wants) else 0

    def steps(self, pair: Pair) -> int:
        """Return the score of a pair in thousandths."""
        return round(min(max(self.scores.get(pair, 0.0), 0.0), 1.0) * SCORE_STEPS)

    def may_meet(self, pair: Pair) -> bool:
        """Tell whether the wishes let two people meet.

        One "no" is enough to say no. Somebody must have said yes, or the engine speaks for it:
        two who were silent about each other and have nothing in common are not brought together.
        """
        marks = {self.wishes.get(pair), self.wishes.get((pair[1], pair[0]))}
        return "no" not in marks and (marks != {None} or self.steps(pair) > 0)


class Stage(StrEnum):
    """What the solver is at."""

    CHOOSING = "choosing"
    PLACING = "placing"
    PROVING = "proving"
    TIDYING = "tidying"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a computation is: wishes met so far and at most, seconds, share in [0,1]."""

    stage: Stage
    wishes: int | None
    bound: int | None
    seconds: float
    share: float


@dataclass(frozen=True, order=True, slots=True)
class Figures:
    """The aims in their order; more is better, gaps count negatively.

    ``minimum`` sums over people what their first meetings up to the minimum m count: the first m,
    the next m - 1 … the last 1, so that nobody goes empty-handed before others are complete.
    ``score`` is in thousandths; ``gaps`` are rounds of waiting between two meetings, times -1.
    """

    minimum: int
    wishes: int
    score: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """What no timetable can pass: each aim given the best of those before it."""

    minimum: int
    wishes: int
    score: int
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """One meeting: ``slot`` counts from 0, ``table`` from 1."""

    pair: Pair
    slot: int
    table: int
    value: int
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Timetable:
    """A timetable, what it reaches and what could be reached at most."""

    meetings: tuple[Placed, ...]
    figures: Figures
    bounds: Bounds
    seconds: float
    stopped: bool = False

    @property
    def is_best(self) -> bool:
        """Proven: no timetable is better in the minimum, then the wishes, then the scores."""
        return self._missing is None

    @property
    def gap(self) -> float:
        """How far, in per cent of the bound, the first aim that is not proven may be from it."""
        if self._missing is None:
            return 0.0
        reached, bound = self._missing
        return 100 * (bound - reached) / max(bound, 1)

    @property
    def _missing(self) -> tuple[int, int] | None:
        pairs = (
            (self.figures.minimum, self.bounds.minimum),
            (self.figures.wishes, self.bounds.wishes),
            (self.figures.score, self.bounds.score),
        )
        return next(((reached, bound) for reached, bound in pairs if reached < bound), None)
