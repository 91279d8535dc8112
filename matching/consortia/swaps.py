"""One member for another: replacements people may choose, and steps that better a team."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.consortia.problem import CAN, STAGE, WANTED_REGION, Problem, value_of
from matching.consortia.request import Candidate, shortfall_of

REPLACEMENTS: Final = 3
LOOKED_AT: Final = 40
"""So many of the best are checked against roles and competition, before giving up."""
STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class Replacement:
    """Somebody who could take a member's place, and by how many points the team changes.

    ``loses`` are musts nobody would stand for any more: empty where anybody keeps them all.
    """

    id: int
    change: int
    loses: tuple[str, ...] = ()


class Swaps:
    """What can be known before a team is: who holds what, as tables."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        people, request = problem.candidates, problem.request
        self._rows = {one.id: row for row, one in enumerate(people)}
        self._musts = _table(people, sorted(request.musts), lambda one: one.holds)
        stages = sorted({key for one in people for key in one.stages})
        wanted = sorted(request.wanted_regions)
        self._bonuses = np.hstack(
            [
                _table(people, sorted(request.cans), lambda one: one.holds),
                _table(people, stages, lambda one: one.stages),
                _table(people, wanted, lambda one: frozenset({one.region})),
            ]
        )
        self._points = np.array(
            [CAN] * len(request.cans) + [STAGE] * len(stages) + [WANTED_REGION] * len(wanted),
            dtype=np.int64,
        )
        self._apart: dict[int, set[int]] = {}
        for first, second in problem.apart:
            self._apart.setdefault(first, set()).add(second)
            self._apart.setdefault(second, set()).add(first)

    def replacements(
        self, team: Collection[int], member: int, count: int = REPLACEMENTS
    ) -> tuple[Replacement, ...]:
        """Who could take the place of a member (ids), best first.

        Where nobody keeps what the team has, those who lose least come, with what is lost.
        """
        rows = [self._rows[one] for one in team]
        rest = [row for row in rows if row != self._rows[member]]
        before = value_of(self.problem, team)
        people = self.problem.candidates
        lacking = shortfall_of(self.problem.request, [people[row] for row in rows])
        ranked = self._ranked(rest, rows)
        found: list[Replacement] = []
        for keeps in (True, False):
            for row, points in ranked:
                if len(found) == count:
                    break
                joined = [people[one] for one in (*rest, row)]
                short = shortfall_of(self.problem.request, joined)
                pairs = zip(short.level(), lacking.level(), strict=True)
                if all(new <= old for new, old in pairs) == keeps and self.go_together(rest, row):
                    loses = tuple(sorted(set(short.musts) - set(lacking.musts)))
                    found.append(Replacement(people[row].id, points - before, loses))
            if found:
                break
        return tuple(found)

    def better(self, team: Sequence[int], others: Collection[Sequence[int]]) -> tuple[int, ...]:
        """Swap single members of a team (rows) as long as that makes it worth more.

        It keeps what the team has, and at least two members apart from each of the ``others``.
        """
        people, fixed = self.problem.candidates, self.problem.request.fixed
        current = sorted(team)
        for _step in range(STEPS):
            value = self._value(current)
            least = shortfall_of(self.problem.request, [people[row] for row in current]).level()
            best: tuple[int, list[int]] | None = None
            for out in current:
                if people[out].id in fixed:
                    continue
                rest = [row for row in current if row != out]
                for row, points in self._ranked(rest, current):
                    if points <= max(value, best[0] if best else value):
                        continue
                    joined = sorted([*rest, row])
                    level = shortfall_of(self.problem.request, [people[r] for r in joined]).level()
                    if (
                        all(new <= old for new, old in zip(level, least, strict=True))
                        and self.go_together(rest, row)
                        and all(self._differ(joined, other) for other in others)
                    ):
                        best = (points, joined)
                        break
            if best is None:
                break
            current = best[1]
        return tuple(current)

    def go_together(self, rest: Sequence[int], row: int) -> bool:
        """Whether somebody may join: not kept apart from anyone, not one competitor too many."""
        people, request = self.problem.candidates, self.problem.request
        if {people[one].id for one in rest} & self._apart.get(people[row].id, set()):
            return False
        new = int(self.problem.competing[row, list(rest)].sum())
        if not new:
            return True
        before = sum(bool(self.problem.competing[a, b]) for a, b in combinations(rest, 2))
        return before + new <= request.competing_pairs

    def _differ(self, team: Sequence[int], other: Sequence[int]) -> bool:
        fixed = self.problem.request.fixed
        free = {row for row in other if self.problem.candidates[row].id not in fixed}
        return len(free - set(team)) >= min(2, len(free))

    def _value(self, rows: Sequence[int]) -> int:
        return value_of(self.problem, {self.problem.candidates[row].id for row in rows})

    def _ranked(self, rest: list[int], team: Collection[int]) -> list[tuple[int, int]]:
        """Rows that could join the rest, with the worth of the team they would make."""
        held = self._bonuses[rest].any(axis=0)
        gain = (
            self.problem.own
            + self.problem.pairs[:, rest].sum(axis=1)
            + self._bonuses @ (self._points * ~held)
        )
        missing = self._musts[:, ~self._musts[rest].any(axis=0)].sum(axis=1)
        base = self._value(rest)
        taken = np.zeros(len(gain), dtype=bool)
        taken[list(team)] = True
        # Whoever holds most of the musts that are missing comes first, then who is worth most.
        order = np.lexsort((np.arange(len(gain)), -gain, -missing, taken))
        kept = [int(row) for row in order[:LOOKED_AT] if not taken[row]]
        return [(row, base + int(gain[row])) for row in kept]


def _table(
    people: Sequence[Candidate], keys: Sequence[str], of: Callable[[Candidate], frozenset[str]]
) -> NDArray[np.bool_]:
    rows = [[key in of(one) for key in keys] for one in people]
    return np.array(rows, dtype=bool).reshape(len(people), len(keys))
