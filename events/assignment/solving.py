"""The whole way from a problem to a plan."""

from __future__ import annotations

import numpy as np

from events.assignment import flow, general
from events.assignment.grid import Bools, Grid, Ints
from events.assignment.problem import Plan, Problem
from events.assignment.reasons import shortages
from events.assignment.rooms import Seating, mix

# More to decide than this may take longer than a page should.
QUICK_CHOICES = 15_000
SECONDS = 30.0


def is_quick(problem: Problem) -> bool:
    """Tell whether the plan is there in about a second."""
    grid = Grid(problem)
    return all(
        len(group) == 1
        or _is_even(grid, group)
        or int(grid.needs[:, group].sum()) * len(grid.workshops) <= QUICK_CHOICES
        for group in grid.groups
    )


def assign(problem: Problem, *, seconds: float = SECONDS) -> Plan:
    """Give everybody a place in every run, as many as possible and then as cheap as possible.

    Runs that share no workshop are solved apart. A single run, and runs in which every workshop
    has as many places as in the others, are solved exactly by a flow; the rest by branch and
    bound, at most ``seconds`` a group of runs. The same problem has the same plan unless that
    time runs out.
    """
    grid = Grid(problem)
    cells = np.full((len(grid.people), len(grid.runs)), -1, dtype=np.int64)
    least, methods = 0.0, []
    for group in grid.groups:
        found, bound, method = _solve_group(grid, group, seconds)
        cells[:, group] = found
        least += bound
        methods.append(method)
    seating = Seating(grid, cells)
    before = seating.pairs
    mix(seating)
    places = tuple(seating.places())
    needs = grid.needs & grid.offered.any(axis=0)
    rows, columns = np.nonzero(needs & (cells < 0))
    unplaced = tuple(
        (grid.people[row], grid.runs[column])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    )
    cost = cost_of(problem, [(place.participant, place.rank) for place in places])
    lost = int(grid.missing_cost[rows].sum())
    # What a bound still allows in missing places it does not say of the cost.
    bound = int(np.ceil(least - 1e-6)) + _kept_cost(grid) - lost
    return Plan(
        places=places,
        cost=cost,
        bound=min(max(bound, 0), cost),
        unplaced=unplaced,
        shortages=tuple(shortages(problem, places, unplaced)),
        pairs_before=before,
        pairs_after=seating.pairs,
        methods=tuple(methods),
    )


def cost_of(problem: Problem, ranks: list[tuple[int, int | None]]) -> int:
    """Return the sum of squared ranks of (person, rank); people without wishes cost nothing."""
    wished = {one.id for one in problem.participants if one.wishes}
    unwished = problem.unwished_cost
    return sum(rank**2 if rank else unwished for pk, rank in ranks if pk in wished)


def _kept_cost(grid: Grid) -> int:
    person, run = np.nonzero(grid.kept >= 0)
    return int(grid.costs[person, grid.kept[person, run]].sum())


def _is_even(grid: Grid, group: list[int]) -> bool:
    """Whether all runs of the group look alike, so that a flow over all of them can be split."""
    needs, room, offered = grid.needs[:, group], grid.free[:, group], grid.offered[:, group]
    return bool(
        (needs == needs[:, :1]).all()
        and (room == room[:, :1]).all()
        and (offered == offered[:, :1]).all()
    )


def _solve_group(grid: Grid, group: list[int], seconds: float) -> tuple[Ints, float, str]:
    """Return the workshop of each person in each run, a bound of the cost, and the method."""
    part = general.Part(
        needs=grid.needs[:, group],
        possible=grid.possible,
        costs=grid.costs,
        missing=grid.missing_cost,
        offered=grid.offered[:, group],
        room=grid.free[:, group],
    )
    need = part.needs.sum(axis=1).astype(np.int64)
    offered: Bools = np.asarray(part.offered.any(axis=1))
    possible: Bools = part.possible & offered
    even = len(group) == 1 or _is_even(grid, group)
    if not even:
        found = general.solve(part, seconds=seconds)
        if found is not None:
            return found.places, found.bound, "branch_and_bound"
    chosen = flow.cheapest_places(need, possible, part.costs, part.missing, part.room.sum(axis=1))
    cost = float(part.costs[chosen].sum() + (part.missing * (need - chosen.sum(axis=1))).sum())
    if even:
        return flow.split_into_runs(chosen, len(group)), cost, "flow"
    return _run_by_run(part), cost, "run_by_run"


def _run_by_run(part: general.Part) -> Ints:
    """Return something feasible where time was too short: each run is best on its own."""
    possible = part.possible.copy()
    places = np.full(part.needs.shape, -1, dtype=np.int64)
    for run in range(part.needs.shape[1]):
        need = part.needs[:, run].astype(np.int64)
        open_now = possible & part.offered[None, :, run]
        chosen = flow.cheapest_places(need, open_now, part.costs, part.missing, part.room[:, run])
        person, workshop = np.nonzero(chosen)
        places[person, run] = workshop
        possible[person, workshop] = False
    return places
