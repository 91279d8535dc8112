"""What no team can pass: a linear programme over all candidates, with pairs split between sides.

Each candidate counts its best partners, whether or not these are wanted in the same team. A pair
is worth as much as both sides count for it; how it is split between them is free, and a good split
brings the bound down to what teams can be worth. Any split is right, so the search for a better
one may stop at any time: Caprara, Pisinger and Toth, "Exact solution of the quadratic knapsack
problem", INFORMS J. Comput. 11 (1999), here with the demands of the call as rows.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp  # type: ignore[import-untyped]

from matching.consortia.problem import CAN, STAGE, WANTED_REGION, Points, Problem
from matching.consortia.request import Candidate

ROUNDS: Final = 240
FEWER_ROUNDS: Final = 60
FIRST_STEP: Final = 0.7
LAST_STEP: Final = 0.02
"""The step shrinks from the first to the last share of the mean worth of a pair."""
Level = tuple[int, int, int, int]
Floats = NDArray[np.float64]


class Relaxation:
    """The linear programme; ``share`` is the split found so far, ``share + share.T == pairs``."""

    def __init__(self, problem: Problem, level: Level) -> None:
        self.problem = problem
        people, request = problem.candidates, problem.request
        self.fixed = [row for row, one in enumerate(people) if one.id in request.fixed]
        self.partners = max(min(request.max_size - len(self.fixed), len(people)) - 1, 0)
        self.linear, self.pairs = _points(problem, self.fixed)
        self._split: Floats = self.pairs / 2.0
        self._worth = self.linear + _best(self._split, self.partners)
        self._programme = _Programme(problem, level, self.fixed)

    def tighten(self, rounds: int = ROUNDS) -> None:
        """Look for a better split, as far as the rounds go."""
        step = float(self.pairs[self.pairs > 0].mean()) if (self.pairs > 0).any() else 0.0
        if not self.partners or not step:
            return
        step, shrink = step * FIRST_STEP, (LAST_STEP / FIRST_STEP) ** (1 / rounds)
        lowest, kept = float("inf"), self._split.copy()
        for _round in range(rounds):
            bound, taken = self._programme.solve(self._worth)
            if not taken.any():
                break
            if bound < lowest:
                lowest, kept = bound, self._split.copy()
            touched = self._shift(taken, step)
            counted = _best(self._split[touched], self.partners)
            self._worth[touched] = self.linear[touched] + counted
            step *= shrink
        self._split = kept
        self._worth = self.linear + _best(self._split, self.partners)

    def share(self) -> Points:
        """The split in whole points."""
        upper = np.minimum(np.triu(np.rint(self._split).astype(np.int64), 1), self.pairs)
        return np.asarray(upper + np.tril(self.pairs, -1) - upper.T)

    def bounds(self) -> Floats:
        """For each candidate: no team with it is worth more."""
        return self._programme.bounds(self._worth)

    def differ_from(self, team: Collection[int]) -> None:
        """Ask for teams without at least two of these rows, fixed ones aside."""
        self._programme.differ_from([row for row in team if row not in self.fixed])

    def _shift(self, taken: Floats, step: float) -> NDArray[np.int64]:
        """Move points of partners that only one side counts to the other; rows touched."""
        chosen = np.flatnonzero(taken > 1e-6)
        tops = np.argpartition(-self._split[chosen], self.partners - 1, axis=1)
        pull = np.zeros((len(chosen), len(taken)))
        np.put_along_axis(pull, tops[:, : self.partners], taken[chosen][:, None], axis=1)
        pull[:, chosen] -= pull[:, chosen].T.copy()
        rows, columns = np.nonzero(pull)
        first, amount = chosen[rows], pull[rows, columns]
        # Between two chosen ones the same move stands on both sides; one of them is enough.
        once = ~np.isin(columns, chosen) | (first < columns)
        first, columns, amount = first[once], columns[once], amount[once]
        left = np.clip(self._split[first, columns] - step * amount, 0, self.pairs[first, columns])
        self._split[first, columns] = left
        self._split[columns, first] = self.pairs[first, columns] - left
        return np.unique(np.concatenate((first, columns)))


class _Programme:
    """max worth·x + bonuses, subject to what the request demands; x in [0,1]."""

    def __init__(self, problem: Problem, level: Level, fixed: Sequence[int]) -> None:
        request, people = problem.request, problem.candidates
        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        in_team = set(fixed)
        self.x = [
            self.solver.NumVar(1.0 if row in in_team else 0.0, 1.0, "")
            for row in range(len(people))
        ]
        self.objective = self.solver.Objective()
        self.objective.SetMaximization()
        self._most = request.max_size
        self._all_bonuses = 0
        everybody = list(range(len(people)))
        self._row(everybody, request.min_size - level[3], request.max_size)
        self._demands([_holders(people, key) for key in sorted(request.musts)], level[0])
        self._demands(
            [_fillers(people, role.key) for role in request.roles],
            level[1],
            [role.count for role in request.roles],
        )
        self._demands([_from(people, key) for key in sorted(request.required_regions)], level[2])
        for key in sorted(request.cans):
            self._bonus(_holders(people, key), CAN)
        for stage in sorted({key for one in people for key in one.stages}):
            self._bonus([row for row in everybody if stage in people[row].stages], STAGE)
        for key in sorted(request.wanted_regions):
            self._bonus(_from(people, key), WANTED_REGION)
        self._set = np.full(len(people), np.nan)

    def solve(self, worth: Floats) -> tuple[float, Floats]:
        """The bound, and how much of each candidate it takes."""
        for row in np.flatnonzero(worth != self._set):
            self.objective.SetCoefficient(self.x[row], float(worth[row]))
        self._set = worth.copy()
        status = self.solver.Solve()
        if status != pywraplp.Solver.OPTIMAL:
            nobody = np.zeros(len(self.x))
            if status == pywraplp.Solver.INFEASIBLE:
                return float("-inf"), nobody
            # Numerical trouble: the best of everything is a bound as well, if a wide one.
            best = np.sort(np.maximum(worth, 0.0))[-self._most :].sum()
            return float(best) + self._all_bonuses, nobody
        taken = np.array([variable.solution_value() for variable in self.x])
        return float(self.objective.Value()), taken

    def bounds(self, worth: Floats) -> Floats:
        """The bound of teams with each candidate, from its reduced costs."""
        bound, taken = self.solve(worth)
        reduced = np.array([variable.reduced_cost() for variable in self.x])
        return np.where(taken < 1e-6, bound + np.minimum(reduced, 0.0), bound)

    def differ_from(self, rows: Sequence[int]) -> None:
        self._row(rows, 0, len(rows) - min(2, len(rows)))

    def _row(self, rows: Sequence[int], least: float, most: float) -> None:
        constraint = self.solver.Constraint(float(least), float(most))
        for row in rows:
            constraint.SetCoefficient(self.x[row], 1.0)

    def _demands(
        self, groups: Sequence[Sequence[int]], missing: int, counts: Sequence[int] = ()
    ) -> None:
        """Rows for demands; where some stay unmet, only those that are met in any case."""
        counts = counts or [1] * len(groups)
        nobody = sum(max(count - len(g), 0) for g, count in zip(groups, counts, strict=True))
        if nobody < missing:
            return
        for group, count in zip(groups, counts, strict=True):
            self._row(group, min(count, len(group)), self.solver.infinity())

    def _bonus(self, group: Sequence[int], points: int) -> None:
        if group:
            self._all_bonuses += points
            bonus = self.solver.NumVar(0.0, 1.0, "")
            self.objective.SetCoefficient(bonus, float(points))
            constraint = self.solver.Constraint(0.0, self.solver.infinity())
            constraint.SetCoefficient(bonus, -1.0)
            for row in group:
                constraint.SetCoefficient(self.x[row], 1.0)


def most_worth(share: Points, partners: int) -> Points:
    """The most each candidate can count, with its best ``partners``."""
    return np.asarray(_best(share, partners))


def _points(problem: Problem, fixed: Sequence[int]) -> tuple[Points, Points]:
    """Points of each candidate by itself, pairs with fixed ones included; pairs of the others."""
    pairs, linear = problem.pairs.copy(), problem.own.copy()
    if fixed:
        with_fixed = pairs[:, fixed].sum(axis=1)
        among_fixed = with_fixed[fixed].sum() // 2
        with_fixed[fixed] = 0
        linear = linear + with_fixed
        linear[fixed[0]] += among_fixed
        pairs[fixed, :] = 0
        pairs[:, fixed] = 0
    return linear, pairs


def _best(values: NDArray[Any], number: int) -> NDArray[Any]:
    """Sum of the ``number`` largest of each row."""
    number = min(number, values.shape[1] - 1)
    if number < 1:
        return np.zeros(len(values), dtype=values.dtype)
    largest = np.partition(values, values.shape[1] - number, axis=1)[:, -number:]
    return np.asarray(largest.sum(axis=1))


def _holders(people: Sequence[Candidate], key: str) -> list[int]:
    return [row for row, one in enumerate(people) if key in one.holds]


def _fillers(people: Sequence[Candidate], key: str) -> list[int]:
    return [row for row, one in enumerate(people) if key in one.roles]


def _from(people: Sequence[Candidate], key: str) -> list[int]:
    return [row for row, one in enumerate(people) if key == one.region]
