"""What goes into an assignment of workshops and what comes out: plain values, no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who needs one place in every run."""

    id: int
    # Workshops in order: the first is rank 1. Empty: any workshop is as good as another.
    wishes: tuple[str, ...] = ()
    cluster: int | None = None
    # Sessions in which the person stays, whatever it costs.
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """One workshop in one run and one room; ``capacity`` None: no limit."""

    id: int
    workshop: str
    run: int
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything an assignment depends on; equal problems have equal plans."""

    participants: tuple[Participant, ...]
    sittings: tuple[Sitting, ...]

    @property
    def unwished_cost(self) -> int:
        """What a place costs that its person had not wished for: more than any wish."""
        return (max((len(one.wishes) for one in self.participants), default=0) + 1) ** 2


@dataclass(frozen=True, slots=True)
class Place:
    """One person in one session; ``rank`` None: the person had not wished for it."""

    participant: int
    session: int
    rank: int | None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why somebody has no place in ``run``.

    ``people`` can, with their places in the other runs, only go to ``workshops``, which have
    ``places`` in this run; so ``missing`` places are short. ``whole_run``: these are all there are.
    No workshops: the run offers only what these people visit in another run.
    """

    run: int
    workshops: tuple[str, ...]
    people: int
    places: int
    missing: int
    whole_run: bool


class Cause(StrEnum):
    """Why a wish was not granted."""

    FULL = "full"  # All its places went to people who wished for it as much or more.
    SAME_TIME = "same_time"  # It takes place while the person is where they wished to be more.
    KEPT = "kept"  # The person keeps a place at that time that was fixed before.
    OPEN = "open"  # A place is free: moving by hand would grant it.


@dataclass(frozen=True, slots=True)
class Missed:
    """A wish that was not granted, and why."""

    workshop: str
    rank: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Demand:
    """How a workshop was wished for and what it can hold in all runs together."""

    workshop: str
    # Wishes by rank: ``ranks[0]`` people wished for it first.
    ranks: tuple[int, ...]
    places: int | None

    @property
    def wishes(self) -> int:
        return sum(self.ranks)

    @property
    def first(self) -> int:
        return self.ranks[0] if self.ranks else 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes where.

    ``cost`` is the sum of squared ranks of those who wished, kept places included; no plan with as
    many places can cost less than ``bound``, and the two are equal where the plan is proven best.
    """

    places: tuple[Place, ...]
    cost: int
    bound: int
    # (participant, run) without a place.
    unplaced: tuple[tuple[int, int], ...] = ()
    shortages: tuple[Shortage, ...] = ()
    # Pairs of people of one cluster in one room, before and after mixing.
    pairs_before: int = 0
    pairs_after: int = 0
    # Words for how it was found, one a group of runs that share workshops.
    methods: tuple[str, ...] = field(default=())

    @property
    def is_best(self) -> bool:
        return self.cost <= self.bound
