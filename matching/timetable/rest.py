"""What is left to decide once locked meetings stand, in numbers the search is quick with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from matching.timetable.problem import Pair, Problem


@dataclass(frozen=True, slots=True)
class Edge:
    """A meeting that may take place between the ``a``-th and ``b``-th person in ``slots`` (bits).

    ``hint`` is the slot it has now, or -1.
    """

    a: int
    b: int
    slots: int
    value: int
    score: int
    hint: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Free people, free tables and possible meetings; bit ``s`` of a number stands for slot s.

    ``levels[i]`` is what the next meetings of person i count towards the minimum, best first.
    ``seated[i]`` are slots with locked meetings, ``there[i]`` all slots the person is there.
    """

    ids: tuple[int, ...]
    free: tuple[int, ...]
    there: tuple[int, ...]
    seated: tuple[int, ...]
    tables: tuple[int, ...]
    levels: tuple[tuple[int, ...], ...]
    edges: tuple[Edge, ...]
    base: tuple[int, int, int]
    """Minimum, wishes and score that locked meetings reach already."""

    def pair(self, edge: int) -> Pair:
        return self.ids[self.edges[edge].a], self.ids[self.edges[edge].b]


def bits(slots: Iterable[int]) -> int:
    """Return slots as bits of one number."""
    found = 0
    for slot in slots:
        found |= 1 << slot
    return found


def rest_of(problem: Problem) -> Rest:
    """Take locked meetings out of the problem. People are ordered by id: order does not matter."""
    people = sorted(problem.people, key=lambda person: person.id)
    ids = tuple(person.id for person in people)
    number = {pk: position for position, pk in enumerate(ids)}
    slots = range(len(problem.tables))
    seated = [0] * len(ids)
    taken: Counter[int] = Counter()
    for pair, slot in problem.locked.items():
        taken[slot] += 1
        for pk in pair:
            seated[number[pk]] |= 1 << slot
    there = [bits(person.slots.intersection(slots)) for person in people]
    free = [mask & ~own for mask, own in zip(there, seated, strict=True)]
    tables = tuple(max(problem.tables[slot] - taken[slot], 0) for slot in slots)
    open_slots = bits(slot for slot in slots if tables[slot])
    edges = []
    for a, b in combinations(range(len(ids)), 2):
        pair = ids[a], ids[b]
        common = free[a] & free[b] & open_slots
        group = people[a].group
        if (
            not common
            or pair in problem.locked
            or (group is not None and group == people[b].group)
            or not problem.may_meet(pair)
        ):
            continue
        hint = problem.hints.get(pair, -1)
        hint = hint if hint >= 0 and common >> hint & 1 else -1
        edges.append(Edge(a, b, common, problem.value(pair), problem.steps(pair), hint))
    minimum, levels = problem.minimum, []
    reached = 0
    for own in seated:
        has = min(own.bit_count(), minimum)
        counts = tuple(range(minimum, 0, -1))
        reached += sum(counts[:has])
        levels.append(counts[has:])
    locked = tuple(problem.locked)
    return Rest(
        ids,
        tuple(free),
        tuple(there),
        tuple(seated),
        tables,
        tuple(levels),
        tuple(edges),
        (
            reached,
            sum(map(problem.value, locked)),
            sum(map(problem.steps, locked)),
        ),
    )


def idle(there: int, seated: int) -> int:
    """Return how many slots somebody waits between their first and their last meeting."""
    if not seated:
        return 0
    span = (1 << seated.bit_length()) - (seated & -seated)
    return (span & there & ~seated).bit_count()
