"""What the assignment of workshops achieves and costs, against who-comes-first and the bound.

    python -m benchmarks.assignment

300 people, 3 runs, 10 workshops: popular workshops are wished for by many, some people rank all,
some three, some nothing. The bound is the linear programme over all runs, whose value no plan can
go below. First come, first served: people choose one after the other, run by run, the best wish
that is still free. No database; CPU time, which other
processes of a busy machine do not add to.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from itertools import product
from statistics import median
from typing import Any

import numpy as np

from benchmarks.measure import row, show
from events.assignment import Participant, Plan, Problem, Sitting, assign, cost_of
from events.assignment.flow import cheapest_places
from events.assignment.grid import Grid

COMMAND = "python -m benchmarks.assignment"
PEOPLE, RUNS, WORKSHOPS, CLUSTERS, ROUNDS = 300, 3, 10, 40, 5


def problem(*, uneven: bool, seed: int = 4) -> Problem:
    """Return wishes as they are: skewed, of different length; rooms alike or not."""
    chance = random.Random(seed)
    names = [f"workshop-{n:02}" for n in range(WORKSHOPS)]
    people = []
    for pk in range(1, PEOPLE + 1):
        # The n-th workshop is wished for about 1/n as often as the first.
        liking = {name: chance.random() ** (n + 1) for n, name in enumerate(names)}
        wishes = sorted(names, key=lambda name: -liking[name])
        people.append(
            Participant(pk, tuple(wishes[: chance.choice([0, 3, 5, 10, 10])]), pk % CLUSTERS)
        )
    sittings: list[Sitting] = []
    for run, name in product(range(1, RUNS + 1), names):
        if uneven and chance.random() < 0.2:
            continue
        capacity = chance.randint(44, 56) if uneven else 32
        sittings.append(Sitting(len(sittings) + 1, name, run, capacity))
    return Problem(tuple(people), tuple(sittings))


def first_come(task: Problem) -> tuple[int, int]:
    """Return cost and missing places when everybody chooses in turn, run by run."""
    taken: Counter[int] = Counter()
    ranks: list[tuple[int, int | None]] = []
    has: set[tuple[int, str]] = set()
    missing = 0
    for run in range(1, RUNS + 1):
        offered = [one for one in task.sittings if one.run == run]
        for person in task.participants:
            order = {name: rank for rank, name in enumerate(person.wishes, start=1)}
            free = [
                one
                for one in offered
                if taken[one.id] < (one.capacity or 0) and (person.id, one.workshop) not in has
            ]
            if not free:
                missing += 1
                continue
            best = min(free, key=lambda one: (order.get(one.workshop, 99), one.id))
            taken[best.id] += 1
            has.add((person.id, best.workshop))
            ranks.append((person.id, order.get(best.workshop)))
    return cost_of(task, ranks), missing


def lower_bound(task: Problem) -> int:
    """Return what no plan can go below: all runs as one flow."""
    grid = Grid(task)
    chosen = cheapest_places(
        grid.needs.sum(axis=1).astype(np.int64),
        grid.possible,
        grid.costs,
        grid.missing_cost,
        grid.free.sum(axis=1),
    )
    return int(grid.costs[chosen].sum())


def _measured(task: Problem) -> tuple[Plan, float]:
    times, plan = [], assign(task)
    for _ in range(ROUNDS):
        begun = time.process_time()
        plan = assign(task)
        times.append(time.process_time() - begun)
    return plan, median(times)


def run() -> list[dict[str, Any]]:
    """Return one row a figure."""
    rows = []
    for words, uneven in (("even rooms", False), ("uneven rooms", True)):
        task = problem(uneven=uneven)
        plan, seconds = _measured(task)
        queue, without = first_come(task)
        bound = lower_bound(task)
        size = f"{PEOPLE} people, {RUNS} runs, {WORKSHOPS} workshops, {words}"
        rows += [
            row(
                f"assignment, {size}",
                value=seconds,
                baseline=1,
                unit="s CPU against one second",
                target="under 1 s",
                met=seconds < 1,
                command=COMMAND,
            ),
            row(
                f"cost against the bound, {words}",
                value=plan.cost,
                baseline=bound,
                unit="sum of squared ranks",
                target="1.0 where rooms are even" if not uneven else "at most 1.02",
                met=not plan.unplaced and plan.cost <= bound * (1.02 if uneven else 1),
                command=COMMAND,
            ),
            row(
                f"cost against first come ({without} without a place), {words}",
                value=plan.cost,
                baseline=queue,
                unit="sum of squared ranks",
                target="below 1",
                met=plan.cost < queue,
                command=COMMAND,
            ),
            row(
                f"pairs of one cluster in a room, mixed against not, {words}",
                value=plan.pairs_after,
                baseline=max(plan.pairs_before, 1),
                unit="pairs",
                target="shown, no target",
                met=None,
                command=COMMAND,
            ),
        ]
    return rows


if __name__ == "__main__":
    show(run())
