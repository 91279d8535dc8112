"""Large problems that do not fit at once: take some slots apart and put them together better.

Each turn frees the meetings of a few slots and lets the exact model fill these slots anew with any
pairs that do not meet elsewhere (large neighbourhood search). A turn never loses anything.
"""

from __future__ import annotations

import random
from collections import defaultdict

from ortools.sat.python import cp_model

from matching.timetable.choosing import measure
from matching.timetable.placing import slots_in
from matching.timetable.problem import Stage
from matching.timetable.rest import Rest
from matching.timetable.search import FOUND, Watch, run

TURN_SECONDS = 2.0
FEWEST, MOST = 2, 6


def improve_in_turns(
    rest: Rest,
    start: dict[int, int],
    bounds: tuple[int, int, int],
    watch: Watch,
    seconds: float,
) -> dict[int, int]:
    """Return a timetable at least as good as ``start`` (slot by edge), within ``seconds``."""
    chance = random.Random(watch.seed)  # noqa: S311 - the same each time, and no secret
    end = watch.elapsed + seconds
    best, reached = dict(start), measure(rest, tuple(start))
    slots = [slot for slot, tables in enumerate(rest.tables) if tables]
    width = FEWEST + 1
    while watch.elapsed < end and watch.left > 0 and reached < bounds:
        window = set(chance.sample(slots, min(width, len(slots))))
        left = min(TURN_SECONDS, end - watch.elapsed, watch.left)
        found, is_proven = _refill(rest, best, window, watch, left)
        # Quick and proven: look further next time. Too slow: look less far.
        width = min(width + 1, MOST) if is_proven else max(width - 1, FEWEST)
        if found is None:
            continue
        value = measure(rest, tuple(found))
        if value >= reached:
            best, reached = found, value
            watch.wishes = rest.base[1] + reached[1]
    return best


def _refill(
    rest: Rest, now: dict[int, int], window: set[int], watch: Watch, seconds: float
) -> tuple[dict[int, int] | None, bool]:
    """Fill the slots of ``window`` anew; returns the timetable and whether nothing is better."""
    kept = {number: slot for number, slot in now.items() if slot not in window}
    degree = [0] * len(rest.ids)
    for number in kept:
        degree[rest.edges[number].a] += 1
        degree[rest.edges[number].b] += 1
    cp = cp_model.CpModel()
    meets: list[cp_model.IntVar] = []
    cells: list[tuple[int, int]] = []
    seats: defaultdict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    tables: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    own: defaultdict[int, list[cp_model.IntVar]] = defaultdict(list)
    mask = sum(1 << slot for slot in window)
    for number, edge in enumerate(rest.edges):
        if number in kept:
            continue
        some = []
        for slot in slots_in(edge.slots & mask):
            meet = cp.new_bool_var("")
            cp.add_hint(meet, int(now.get(number) == slot))
            meets.append(meet)
            cells.append((number, slot))
            some.append(meet)
            tables[slot].append(meet)
            for person in (edge.a, edge.b):
                seats[person, slot].append(meet)
                own[person].append(meet)
        if len(some) > 1:
            cp.add_at_most_one(some)
    for some in seats.values():
        cp.add_at_most_one(some)
    for slot, some in tables.items():
        cp.add(sum(some) <= rest.tables[slot])
    scores = sum(rest.edges[number].score for number, _slot in cells) + 1
    values = sum(rest.edges[number].value for number, _slot in cells) + 1
    weights = [rest.edges[n].value * scores + rest.edges[n].score for n, _slot in cells]
    steps: list[cp_model.IntVar] = []
    for person, some in own.items():
        counts = rest.levels[person][degree[person] :][: len(some)]
        new = [cp.new_bool_var("") for _count in counts]
        if new:
            cp.add(sum(new) <= sum(some))
            steps += new
            weights += [count * values * scores for count in counts]
    cp.maximize(cp_model.LinearExpr.weighted_sum([*meets, *steps], weights))
    solver, status = run(cp, seconds, watch, Stage.PROVING)
    if status not in FOUND:
        return None, False
    filled = {
        number: slot
        for (number, slot), meet in zip(cells, meets, strict=True)
        if solver.value(meet)
    }
    return kept | filled, status == cp_model.OPTIMAL
