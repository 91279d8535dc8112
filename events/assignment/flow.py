"""Exact and fast: one flow over all runs, then a split of its edges into the runs."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from events.assignment.grid import Bools, Ints


def cheapest_places(need: Ints, possible: Bools, costs: Ints, missing: Ints, room: Ints) -> Bools:
    """Return who gets into which workshops: person ``p`` into ``need[p]`` different ones.

    A min-cost flow from people (rows) to workshops (columns), at most ``room`` people a workshop;
    what cannot be placed costs ``missing``. The matrix of a flow is totally unimodular, so every
    vertex of the linear programme is whole-numbered, and the simplex method ends at a vertex.
    """
    person, workshop = np.nonzero(possible & (need > 0)[:, None])
    people, workshops = possible.shape
    edges = len(person)
    chosen = np.zeros(possible.shape, dtype=bool)
    if not edges:
        return chosen
    rows = np.concatenate([person, np.arange(people)])
    columns = np.arange(edges + people)
    equal = csr_array((np.ones(len(rows)), (rows, columns)), shape=(people, edges + people))
    limit = csr_array(
        (np.ones(edges), (workshop, np.arange(edges))), shape=(workshops, edges + people)
    )
    found = linprog(
        np.concatenate([costs[person, workshop], missing]).astype(float),
        A_ub=limit,
        b_ub=room,
        A_eq=equal,
        b_eq=need,
        bounds=np.column_stack([np.zeros(edges + people), np.concatenate([np.ones(edges), need])]),
        method="highs-ds",
    )
    if found.x is None:
        raise ArithmeticError(f"The flow was not solved: {found.message}")
    taken = found.x[:edges] > 0.5
    chosen[person[taken], workshop[taken]] = True
    return chosen


def split_into_runs(chosen: Bools, runs: int) -> Ints:
    """Return the workshop of each person in each run (-1: none), every workshop spread evenly.

    Kőnig: the edges of a bipartite graph of greatest degree ``runs`` can be coloured with ``runs``
    colours, so that no two at a node are alike. A workshop with ``d`` people is taken apart into
    nodes of at most ``runs`` edges, so each run gets at most ``ceil(d / runs)`` of them.
    """
    people, workshops = np.nonzero(chosen)
    at_person = np.full((chosen.shape[0], runs), -1, dtype=np.int64)
    counts = np.zeros(chosen.shape[1], dtype=np.int64)
    parts: dict[tuple[int, int], int] = {}
    edges: list[tuple[int, int]] = []
    names: list[int] = []
    for person, workshop in zip(people.tolist(), workshops.tolist(), strict=True):
        key = (workshop, int(counts[workshop]) // runs)
        counts[workshop] += 1
        if key not in parts:
            parts[key] = len(parts)
            names.append(workshop)
        edges.append((person, parts[key]))
    # Edge of each colour at each node, or -1.
    left = [[-1] * runs for _ in range(chosen.shape[0])]
    right = [[-1] * runs for _ in range(len(parts))]
    for number, (person, part) in enumerate(edges):
        here, there = left[person].index(-1), right[part].index(-1)
        if right[part][here] >= 0:
            _flip(edges, left, right, part, here, there)
        left[person][here] = right[part][here] = number
    for person, colours in enumerate(left):
        for run, number in enumerate(colours):
            if number >= 0:
                at_person[person, run] = names[edges[number][1]]
    return at_person


def _flip(
    edges: list[tuple[int, int]],
    left: list[list[int]],
    right: list[list[int]],
    part: int,
    here: int,
    there: int,
) -> None:
    """Exchange two colours along the path from ``part``, so that ``here`` becomes free there."""
    path, on_right, node, colour = [], True, part, here
    while (number := (right if on_right else left)[node][colour]) >= 0:
        path.append((number, colour))
        node = edges[number][0] if on_right else edges[number][1]
        on_right, colour = not on_right, here + there - colour
    for number, colour in path:
        person, other = edges[number]
        left[person][colour] = right[other][colour] = -1
    for number, colour in path:
        person, other = edges[number]
        new = here + there - colour
        left[person][new] = right[other][new] = number
