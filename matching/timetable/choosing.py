"""Which pairs meet, before anybody asks when: the bound, and usually the answer.

Slots are left out, but not what they imply: nobody has more meetings than slots, also not within
the slots that some of their partners share with them (Hall), and meetings that fit only into some
slots find no more tables than these have. Every timetable fulfils that, so the best choice is a
bound for all timetables.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ortools.sat.python import cp_model

from matching.timetable.problem import Stage
from matching.timetable.rest import Rest
from matching.timetable.search import Watch, in_order


@dataclass(frozen=True, slots=True)
class Choice:
    """Chosen edges (numbers), with what they reach and the bounds of minimum, wishes, score."""

    edges: tuple[int, ...]
    reached: tuple[int, int, int]
    bounds: tuple[int, int, int]


def room(rest: Rest, slots: int) -> int:
    """Return how many meetings fit into ``slots`` (bits): tables, and two people for each."""
    found = 0
    for slot, tables in enumerate(rest.tables):
        if slots >> slot & 1:
            people = sum(free >> slot & 1 for free in rest.free)
            found += min(tables, people // 2)
    return found


def choose(rest: Rest, watch: Watch, seconds: float) -> Choice | None:
    """Return the best pairs without slots; None when not even a start was found in time."""
    if not rest.edges:
        return Choice((), (0, 0, 0), (0, 0, 0))
    model = cp_model.CpModel()
    meets = [model.new_bool_var("") for _edge in rest.edges]
    own: defaultdict[int, list[int]] = defaultdict(list)
    patterns: defaultdict[int, list[int]] = defaultdict(list)
    for number, edge in enumerate(rest.edges):
        own[edge.a].append(number)
        own[edge.b].append(number)
        patterns[edge.slots].append(number)
    for numbers in own.values():
        _limit_person(model, meets, rest, numbers)
    for pattern in patterns:
        inside = [n for slots, ns in patterns.items() if slots & ~pattern == 0 for n in ns]
        places = room(rest, pattern)
        if len(inside) > places:
            model.add(sum(meets[n] for n in inside) <= places)
    together = 0
    for pattern in patterns:
        together |= pattern
    model.add(sum(meets) <= room(rest, together))
    minimum = levels(model, rest, {person: [meets[n] for n in ns] for person, ns in own.items()})
    weigh = cp_model.LinearExpr.weighted_sum
    wishes = weigh(meets, [edge.value for edge in rest.edges])
    score = weigh(meets, [edge.score for edge in rest.edges])
    kept = weigh(meets, [int(edge.hint >= 0) for edge in rest.edges])
    aims = [minimum, wishes, score]
    if any(edge.hint >= 0 for edge in rest.edges):
        aims.append(kept)
    hint = [int(edge.hint >= 0) for edge in rest.edges]
    answer = in_order(
        model,
        aims,
        meets,
        known={},
        hint=hint,
        seconds=seconds,
        watch=watch,
        stage=Stage.CHOOSING,
    )
    if answer is None:
        return None
    chosen = tuple(n for n, value in enumerate(answer.values) if value)
    return Choice(chosen, measure(rest, chosen), _all_bounds(rest, answer.bounds))


def choose_in_turn(rest: Rest) -> Choice:
    """Return pairs taken one after the other, the best wishes first: where time was too short."""
    left = [free.bit_count() for free in rest.free]
    chosen = []
    for number in sorted(
        range(len(rest.edges)), key=lambda n: (-rest.edges[n].value, -rest.edges[n].score, n)
    ):
        edge = rest.edges[number]
        if left[edge.a] and left[edge.b]:
            left[edge.a] -= 1
            left[edge.b] -= 1
            chosen.append(number)
    pairs = tuple(sorted(chosen))
    return Choice(pairs, measure(rest, pairs), _all_bounds(rest, []))


def _limit_person(
    model: cp_model.CpModel, meets: list[cp_model.IntVar], rest: Rest, numbers: list[int]
) -> None:
    """Nobody has more meetings than slots, whichever slots their partners share with them."""
    patterns: defaultdict[int, list[int]] = defaultdict(list)
    whole = 0
    for number in numbers:
        patterns[rest.edges[number].slots].append(number)
        whole |= rest.edges[number].slots
    for pattern in {*patterns, whole}:
        inside = [n for slots, ns in patterns.items() if slots & ~pattern == 0 for n in ns]
        if len(inside) > pattern.bit_count():
            model.add(sum(meets[n] for n in inside) <= pattern.bit_count())


def levels(
    model: cp_model.CpModel, rest: Rest, own: dict[int, list[cp_model.IntVar]]
) -> cp_model.LinearExprT:
    """Return what people's first meetings count together."""
    steps: list[cp_model.IntVar] = []
    gains: list[int] = []
    for person, counts in enumerate(rest.levels):
        meetings = own.get(person, [])
        # More levels than possible meetings cannot be reached.
        own_steps = [model.new_bool_var("") for _count in counts[: len(meetings)]]
        if own_steps:
            model.add(sum(own_steps) <= sum(meetings))
            steps += own_steps
            gains += counts[: len(own_steps)]
    return cp_model.LinearExpr.weighted_sum(steps, gains)


def measure(rest: Rest, edges: tuple[int, ...]) -> tuple[int, int, int]:
    """Return minimum, wishes and score that ``edges`` add to the locked meetings."""
    degree = [0] * len(rest.ids)
    for number in edges:
        degree[rest.edges[number].a] += 1
        degree[rest.edges[number].b] += 1
    return (
        sum(sum(counts[:has]) for counts, has in zip(rest.levels, degree, strict=True)),
        sum(rest.edges[number].value for number in edges),
        sum(rest.edges[number].score for number in edges),
    )


def _all_bounds(rest: Rest, found: list[int]) -> tuple[int, int, int]:
    """Fill bounds of aims nobody got round to with what all edges together would give."""
    trivial = measure(rest, tuple(range(len(rest.edges))))
    minimum, wishes, score = (*found[:3], *trivial[len(found[:3]) :])
    return minimum, wishes, score
