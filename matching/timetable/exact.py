"""The whole problem as one model: a variable for each pair and slot.

Needed where the choice of pairs does not fit into the slots, and for the last proof of small
problems. Tables are alike, so they are no variables: counting meetings in a slot is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from matching.timetable.choosing import levels
from matching.timetable.placing import slots_in
from matching.timetable.problem import Stage
from matching.timetable.rest import Rest
from matching.timetable.search import FOUND, Answer, Watch, in_order, run

Cell = tuple[int, int]
"""An edge and a slot."""


@dataclass(frozen=True, slots=True)
class Model:
    """The model with its variables, in the order of ``cells``."""

    cp: cp_model.CpModel
    cells: list[Cell]
    meets: list[cp_model.IntVar]
    seats: dict[tuple[int, int], list[cp_model.IntVar]]
    """The variables of a person in a slot."""


def build(rest: Rest, edges: Sequence[int]) -> Model:
    """Return the model of all timetables that use only ``edges``."""
    cp = cp_model.CpModel()
    cells = [(number, slot) for number in edges for slot in slots_in(rest.edges[number].slots)]
    meets = [cp.new_bool_var("") for _cell in cells]
    seats: defaultdict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    pairs: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    tables: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (number, slot), meet in zip(cells, meets, strict=True):
        edge = rest.edges[number]
        seats[edge.a, slot].append(meet)
        seats[edge.b, slot].append(meet)
        pairs[number].append(meet)
        tables[slot].append(meet)
    for some in (*seats.values(), *pairs.values()):
        if len(some) > 1:
            cp.add_at_most_one(some)
    for slot, some in tables.items():
        if len(some) > rest.tables[slot]:
            cp.add(sum(some) <= rest.tables[slot])
    return Model(cp, cells, meets, dict(seats))


def place_all(
    rest: Rest, chosen: Sequence[int], start: dict[int, int], watch: Watch, seconds: float
) -> dict[int, int] | None:
    """Return a slot for every chosen edge; None when there is none, or none was found in time."""
    model = build(rest, chosen)
    for number in chosen:
        own = [m for (n, _slot), m in zip(model.cells, model.meets, strict=True) if n == number]
        model.cp.add_exactly_one(own)
    for (number, slot), meet in zip(model.cells, model.meets, strict=True):
        model.cp.add_hint(meet, int(start.get(number) == slot))
    solver, status = run(model.cp, seconds, watch, Stage.PLACING)
    if status not in FOUND:
        return None
    return {
        number: slot
        for (number, slot), meet in zip(model.cells, model.meets, strict=True)
        if solver.value(meet)
    }


def improve(
    rest: Rest,
    start: dict[int, int],
    bounds: tuple[int, int, int],
    watch: Watch,
    seconds: float,
) -> tuple[dict[int, int], Answer] | None:
    """Return the best timetable over all edges, beginning with ``start`` (slot by edge)."""
    model = build(rest, range(len(rest.edges)))
    own: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (number, _slot), meet in zip(model.cells, model.meets, strict=True):
        own[rest.edges[number].a].append(meet)
        own[rest.edges[number].b].append(meet)
    aims = _aims(model, rest, dict(own))
    answer = in_order(
        model.cp,
        aims,
        model.meets,
        known=dict(enumerate(bounds)),
        hint=[int(start.get(number) == slot) for number, slot in model.cells],
        seconds=seconds,
        watch=watch,
        stage=Stage.PROVING,
    )
    if answer is None:
        return None
    return _slots(model, answer.values), answer


def _aims(model: Model, rest: Rest, own: dict[int, list[cp_model.IntVar]]) -> list[Any]:
    weigh = cp_model.LinearExpr.weighted_sum
    return [
        levels(model.cp, rest, own),
        weigh(model.meets, [rest.edges[number].value for number, _slot in model.cells]),
        weigh(model.meets, [rest.edges[number].score for number, _slot in model.cells]),
    ]


def _slots(model: Model, values: Sequence[int]) -> dict[int, int]:
    cells = zip(model.cells, values, strict=True)
    return {number: slot for (number, slot), value in cells if value}


def fewest_gaps(
    rest: Rest,
    start: dict[int, int],
    reached: tuple[int, int, int],
    watch: Watch,
    seconds: float,
) -> tuple[dict[int, int], int] | None:
    """Return a timetable with the fewest gaps that reaches as much, and the proven least number.

    Meetings that had their place before keep it.
    """
    kept = {n: slot for n, slot in start.items() if rest.edges[n].hint == slot}
    model = build(rest, range(len(rest.edges)))
    own: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (number, slot), meet in zip(model.cells, model.meets, strict=True):
        own[rest.edges[number].a].append(meet)
        own[rest.edges[number].b].append(meet)
        if kept.get(number) == slot:
            model.cp.add(meet == 1)
    for aim, least in zip(_aims(model, rest, dict(own)), reached, strict=True):
        model.cp.add(aim >= least)
    waits = _waits(model, rest)
    model.cp.minimize(sum(waits))
    for (number, slot), meet in zip(model.cells, model.meets, strict=True):
        model.cp.add_hint(meet, int(start.get(number) == slot))
    solver, status = run(model.cp, seconds, watch, Stage.TIDYING)
    if status not in FOUND:
        return None
    values = [solver.value(meet) for meet in model.meets]
    return _slots(model, values), round(solver.best_objective_bound + 0.499999)


def _waits(model: Model, rest: Rest) -> list[cp_model.IntVar]:
    """Return one variable a person and slot: they are there, idle, and met before and will meet."""
    waits = []
    last = len(rest.tables)
    for person in range(len(rest.ids)):
        seats: list[Any] = []
        for slot in range(last):
            if rest.seated[person] >> slot & 1:
                seats.append(1)
            else:
                seats.append(sum(model.seats.get((person, slot), ())))
        met = [model.cp.new_bool_var("") for _slot in range(last)]
        will = [model.cp.new_bool_var("") for _slot in range(last)]
        for slot in range(last):
            model.cp.add(met[slot] >= seats[slot])
            model.cp.add(will[slot] >= seats[slot])
            if slot:
                model.cp.add(met[slot] >= met[slot - 1])
                model.cp.add(will[slot - 1] >= will[slot])
            if rest.there[person] >> slot & 1:
                wait = model.cp.new_bool_var("")
                model.cp.add(wait >= met[slot] + will[slot] - seats[slot] - 1)
                waits.append(wait)
    return waits
