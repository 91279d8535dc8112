"""The hard case: workshops in some runs only, rooms of different size, people who stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from events.assignment.grid import Bools, Ints

# Branching stops after so many nodes: a count gives the same result on every machine, a clock not.
NODES = 2_000


@dataclass(frozen=True)
class Found:
    """Workshop of each person in each run (-1: none), and the least it could have cost."""

    places: Ints
    bound: float


@dataclass(frozen=True)
class Part:
    """Some runs of the grid: who needs a place where, and what is left."""

    needs: Bools  # person x run
    possible: Bools  # person x workshop
    costs: Ints  # person x workshop
    missing: Ints  # person
    offered: Bools  # workshop x run
    room: Ints  # workshop x run


def solve(part: Part, *, seconds: float) -> Found | None:
    """Return the cheapest places by branch and bound, or nothing if none was found in time.

    One variable a person, workshop and run, and one a person and run for "no place". People for
    whom nothing is to be decided take no part.
    """
    allowed = part.needs[:, None, :] & part.possible[:, :, None] & part.offered[None, :, :]
    person, workshop, run = np.nonzero(allowed)
    skipper, skipped = np.nonzero(part.needs)
    runs = part.needs.shape[1]
    workshops = part.possible.shape[1]
    count, edges = len(person) + len(skipper), len(person)
    if not count:
        return Found(np.full(part.needs.shape, -1, dtype=np.int64), 0)
    index = np.arange(edges)

    def rows(keys: Ints, columns: Ints) -> tuple[csr_array, Ints]:
        used, numbers = np.unique(keys, return_inverse=True)
        return csr_array((np.ones(len(keys)), (numbers, columns)), shape=(len(used), count)), used

    need, _ = rows(
        np.concatenate([person * runs + run, skipper * runs + skipped]), np.arange(count)
    )
    once, _ = rows(person * workshops + workshop, index)
    limit, cells = rows(workshop * runs + run, index)
    found = milp(
        np.concatenate([part.costs[person, workshop], part.missing[skipper]]).astype(float),
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(need, 1, 1),
            LinearConstraint(once, -np.inf, 1),
            LinearConstraint(limit, -np.inf, part.room[cells // runs, cells % runs]),
        ],
        options={"time_limit": seconds, "node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    places = np.full(part.needs.shape, -1, dtype=np.int64)
    taken = found.x[:edges] > 0.5
    places[person[taken], run[taken]] = workshop[taken]
    return Found(places, float(found.mip_dual_bound))
