"""The constraint models: who may be in a team together, and what is maximised (CP-SAT)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from ortools.sat.python import cp_model

from matching.consortia.problem import (
    CAN,
    STAGE,
    WANTED_REGION,
    Points,
    Problem,
)
from matching.consortia.relaxation import Level, most_worth

EFFORT: Final = 1.5
"""Where a search stops, in CP-SAT's deterministic seconds: about 4 of a slow processor."""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the best team found, and what no team of this model can pass."""

    rows: tuple[int, ...]
    value: int
    bound: int
    is_proven: bool


class Model:
    """All demands of a request over some rows of a problem; aims are added by its methods."""

    def __init__(self, problem: Problem, rows: Sequence[int]) -> None:
        self.problem = problem
        self.rows = list(rows)
        self.request = problem.request
        self.cp = cp_model.CpModel()
        self.chosen = {row: self.cp.new_bool_var(f"x{row}") for row in self.rows}
        self._members = {row: problem.candidates[row] for row in self.rows}
        self.fixed = [r for r in self.rows if self._members[r].id in self.request.fixed]
        self.free = [r for r in self.rows if self._members[r].id not in self.request.fixed]
        for row in self.fixed:
            self.cp.add(self.chosen[row] == 1)
        size = sum(self.chosen.values())
        self.cp.add(size <= self.request.max_size)
        self._apart()
        self._competition()
        self.missing = (
            self._missing_musts(),
            self._empty_roles(),
            self._missing_regions(),
            self._missing_members(size),
        )

    def keep_to(self, level: Level) -> None:
        """Demand that no more is missing than this."""
        for missing, allowed in zip(self.missing, level, strict=True):
            if missing:
                self.cp.add(sum(missing) <= allowed)

    def differ_from(self, team: Collection[int]) -> None:
        """Leave out at least two of the members (rows) that are not fixed; one where it is one."""
        known = [row for row in team if row not in self.fixed]
        kept = [self.chosen[row] for row in known if row in self.chosen]
        self.cp.add(sum(kept) <= len(known) - min(2, len(known)))

    def aim_low_shortfall(self) -> None:
        """Minimise what is missing: musts first, then roles, regions, members."""
        weight, total = 1, []
        for missing, most in zip(reversed(self.missing), (13, 1000, 1000, 1), strict=True):
            total += [weight * part for part in missing]
            weight *= most
        self.cp.minimize(sum(total))

    def aim_high(self, linear: Points, share: Points | None = None) -> None:
        """Maximise the team's worth: ``linear`` points a member, bonuses, and split pairs.

        Without ``share`` the linear points stand for the pairs, too.
        """
        terms = [int(linear[row]) * self.chosen[row] for row in self.rows]
        terms += self._bonuses()
        if share is not None:
            terms += self._pair_terms(share)
        self.cp.maximize(sum(terms))

    def hint(self, team: Collection[int]) -> None:
        """Begin the search with this team (rows)."""
        for row, variable in self.chosen.items():
            self.cp.add_hint(variable, row in team)

    def solve(self, effort: float = EFFORT) -> Found | None:
        """Search until proven, or as far as the effort goes; None: there is no such team."""
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        # One worker and a limit that counts work, not time: the same input gives the same team.
        parameters.num_workers = 1
        parameters.random_seed = 1
        parameters.max_deterministic_time = effort
        status = solver.solve(self.cp)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return Found(
            rows=tuple(row for row in self.rows if solver.boolean_value(self.chosen[row])),
            value=round(solver.objective_value),
            bound=int(np.floor(solver.best_objective_bound + 1e-6)),
            is_proven=status == cp_model.OPTIMAL,
        )

    def _holding(self, key: str) -> list[Any]:
        return [self.chosen[row] for row in self.rows if key in self._members[row].holds]

    def _missing_musts(self) -> list[Any]:
        found = []
        for key in sorted(self.request.musts):
            missing = self.cp.new_bool_var(f"no-{key}")
            self.cp.add_bool_or([*self._holding(key), missing])
            found.append(missing)
        return found

    def _empty_roles(self) -> list[Any]:
        """Each member fills at most one role; places that stay empty are counted."""
        filling: dict[int, list[Any]] = {row: [] for row in self.rows}
        found = []
        for number, role in enumerate(self.request.roles):
            places = []
            for row in self.rows:
                if role.key in self._members[row].roles:
                    seat = self.cp.new_bool_var(f"s{number}-{row}")
                    self.cp.add_implication(seat, self.chosen[row])
                    filling[row].append(seat)
                    places.append(seat)
            empty = self.cp.new_int_var(0, role.count, f"empty{number}")
            self.cp.add(sum(places) + empty >= role.count)
            found.append(empty)
        for seats in filling.values():
            if len(seats) > 1:
                self.cp.add_at_most_one(seats)
        return found

    def _missing_regions(self) -> list[Any]:
        found = []
        for region in sorted(self.request.required_regions):
            missing = self.cp.new_bool_var(f"nobody-{region}")
            self.cp.add_bool_or([*self._from(region), missing])
            found.append(missing)
        return found

    def _missing_members(self, size: Any) -> list[Any]:
        missing = self.cp.new_int_var(0, self.request.min_size, "missing")
        self.cp.add(size + missing >= self.request.min_size)
        return [missing]

    def _from(self, region: str) -> list[Any]:
        return [self.chosen[row] for row in self.rows if self._members[row].region == region]

    def _apart(self) -> None:
        rows = {member.id: row for row, member in self._members.items()}
        for first, second in sorted(self.problem.apart):
            if first in rows and second in rows and first != second:
                one, other = rows[first], rows[second]
                if one not in self.fixed or other not in self.fixed:
                    self.cp.add_at_most_one([self.chosen[one], self.chosen[other]])

    def _competition(self) -> None:
        """Count competitors of each member in the team; their sum is twice the pairs."""
        table = self.problem.competing[np.ix_(self.rows, self.rows)].copy()
        np.fill_diagonal(table, False)
        fixed = [self.rows.index(row) for row in self.fixed]
        allowed = max(self.request.competing_pairs, int(table[np.ix_(fixed, fixed)].sum()) // 2)
        degrees = []
        for at, row in enumerate(self.rows):
            rivals = np.flatnonzero(table[at])
            if rivals.size:
                degree = self.cp.new_int_var(0, allowed, f"rivals{row}")
                others = sum(self.chosen[self.rows[other]] for other in rivals)
                self.cp.add(others <= degree).only_enforce_if(self.chosen[row])
                degrees.append(degree)
        if degrees:
            self.cp.add(sum(degrees) <= 2 * allowed)

    def _bonuses(self) -> list[Any]:
        stages = sorted({key for member in self._members.values() for key in member.stages})
        cans, regions = sorted(self.request.cans), sorted(self.request.wanted_regions)
        return [
            *(CAN * self._any(self._holding(key), f"can-{key}") for key in cans),
            *(STAGE * self._any(self._at(key), f"stage-{key}") for key in stages),
            *(WANTED_REGION * self._any(self._from(key), f"from-{key}") for key in regions),
        ]

    def _at(self, stage: str) -> list[Any]:
        return [self.chosen[row] for row in self.rows if stage in self._members[row].stages]

    def _any(self, variables: list[Any], name: str) -> Any:
        """A variable that may be 1 only if one of these is."""
        found = self.cp.new_bool_var(name)
        self.cp.add_bool_or([*variables, found.negated()])
        return found

    def _pair_terms(self, share: Points) -> list[Any]:
        """What each member counts for the others: at most its best partners, if it is chosen."""
        partners = self.request.max_size - len(self.fixed) - 1
        own = share[np.ix_(self.free, self.free)]
        most = most_worth(own, partners)
        found = []
        for at, row in enumerate(self.free):
            if not most[at]:
                continue
            counted = self.cp.new_int_var(0, int(most[at]), f"q{row}")
            self.cp.add(counted <= int(most[at]) * self.chosen[row])
            others = np.flatnonzero(own[at])
            self.cp.add(
                counted <= sum(int(own[at, to]) * self.chosen[self.free[to]] for to in others)
            )
            found.append(counted)
        return found
