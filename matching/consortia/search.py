"""From a problem to three clearly different teams. The entry point of the package."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from math import floor, isfinite
from typing import Final

from matching.consortia.model import Found, Model
from matching.consortia.problem import Problem, value_of
from matching.consortia.relaxation import FEWER_ROUNDS, Floats, Level, Relaxation
from matching.consortia.request import Shortfall, shortfall_of
from matching.consortia.swaps import Swaps

TEAMS: Final = 3
SHORTLIST: Final = 40
"""So many candidates enter the exact search at first, besides the best for each demand."""
FOR_EACH_DEMAND: Final = 3
SHORTLIST_AT_MOST: Final = 60
QUICK: Final = 12
"""So many for each demand are looked at before all are, to see whether anything is missing."""


@dataclass(frozen=True, slots=True)
class TeamFound:
    """A team by its ids, in points; nobody finds one worth more than ``bound``."""

    ids: tuple[int, ...]
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """How far the bound lies above the value, as a share of the bound; 0 is proven best."""
        return max(self.bound - self.value, 0) / max(abs(self.bound), 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The teams, best first, and what all of them lack."""

    teams: tuple[TeamFound, ...]
    shortfall: Shortfall
    candidates: int
    shortlisted: int


def propose_teams(
    problem: Problem, *, count: int = TEAMS, progress: Callable[[int], None] | None = None
) -> Outcome:
    """Find up to ``count`` teams of which each two differ in at least two members.

    All of them lack as little as any team has to: usually nothing. Where the request leaves no
    second or third team of that kind, there are fewer. The same problem gives the same teams, in
    whatever order its candidates come. ``progress`` is told how many teams are found.
    """
    problem = problem.in_order()
    level = least_shortfall(problem)
    if level is None:
        return Outcome((), shortfall_of(problem.request, []), 0, 0)
    search = _Search(problem, level)
    teams: list[TeamFound] = []
    while len(teams) < count and (found := search.next_team()):
        teams.append(found)
        if progress:
            progress(len(teams))
    first = {one for team in teams[:1] for one in team.ids}
    shortfall = shortfall_of(problem.request, [c for c in problem.candidates if c.id in first])
    return Outcome(tuple(teams), shortfall, len(problem.candidates), len(search.shortlist))


def least_shortfall(problem: Problem) -> Level | None:
    """How little a team can lack; None where there is nobody at all."""
    if not problem.candidates:
        return None
    everybody = list(range(len(problem.candidates)))
    found = _least(problem, _quick_choice(problem))
    return _least(problem, everybody) if any(found) else found


def _least(problem: Problem, rows: Sequence[int]) -> Level:
    model = Model(problem, rows)
    model.aim_low_shortfall()
    found = model.solve()
    team = [problem.candidates[row] for row in found.rows] if found else []
    return shortfall_of(problem.request, team).level()


def _quick_choice(problem: Problem) -> list[int]:
    """A few for each demand: mostly they show already that nothing has to be missing."""
    people, request = problem.candidates, problem.request
    kept = {row for row, one in enumerate(people) if one.id in request.fixed}
    kept.update(range(min(QUICK, len(people))))
    for key in request.musts:
        kept.update([row for row, one in enumerate(people) if key in one.holds][:QUICK])
    for role in request.roles:
        kept.update([row for row, one in enumerate(people) if role.key in one.roles][:QUICK])
    for region in request.required_regions:
        kept.update([row for row, one in enumerate(people) if region == one.region][:QUICK])
    return sorted(kept)


class _Search:
    """Exact among a shortlist; the relaxation tells whether anybody else could do better."""

    def __init__(self, problem: Problem, level: Level) -> None:
        self.problem = problem
        self.level = level
        self.teams: list[tuple[int, ...]] = []
        self.relaxation = Relaxation(problem, level)
        self.relaxation.tighten()
        self._swaps = Swaps(problem)
        self.shortlist = self._first_shortlist()

    def next_team(self) -> TeamFound | None:
        """The best team that differs from those before it."""
        if self.teams:
            self.relaxation.differ_from(self.teams[-1])
            self.relaxation.tighten(FEWER_ROUNDS)
        bounds = self.relaxation.bounds()
        best = self._best_of_shortlist(())
        # Once is enough: whoever was promising for the first team is looked at for the others.
        if not self.teams and (others := self._promising(bounds, best)):
            self.shortlist = sorted({*self.shortlist, *others})
            again = self._best_of_shortlist(best.rows if best else ())
            if again is not None and best is not None and again.value < best.value:
                again = replace(again, rows=best.rows, value=best.value)
            best = again or best
        if best is None:
            return None
        bound = self._bound(bounds, best)
        rows = self._swaps.better(best.rows, self.teams) if bound > best.value else best.rows
        self.teams.append(rows)
        ids = tuple(self.problem.candidates[row].id for row in rows)
        value = value_of(self.problem, ids)
        return TeamFound(ids, value, max(bound, value))

    def _bound(self, bounds: Floats, best: Found) -> int:
        """What no team can pass, whoever is in it."""
        inside = set(self.shortlist)
        outside = [float(bound) for row, bound in enumerate(bounds) if row not in inside]
        highest: float = max([float(best.bound), *outside])
        relaxed = float(max(bounds))
        # Sums of fractions may end a hair below the whole number they stand for.
        least: float = min(highest, relaxed) if isfinite(relaxed) else highest
        return floor(least + 1e-6)

    def _promising(self, bounds: Floats, best: Found | None) -> list[int]:
        """Who, from outside the shortlist, may be in a better team; those with most worth."""
        inside = set(self.shortlist)
        value = best.value if best else float("-inf")
        rows = [r for r, bound in enumerate(bounds) if r not in inside and bound >= value + 1]
        rows.sort(key=lambda row: (-bounds[row], row))
        return rows[: max(SHORTLIST_AT_MOST - len(inside), 0)]

    def _first_shortlist(self) -> list[int]:
        """The best by what teams with them can be worth, and the best for each demand."""
        people, request = self.problem.candidates, self.problem.request
        bounds = self.relaxation.bounds()
        order = sorted(range(len(people)), key=lambda row: (-round(float(bounds[row]), 6), row))
        kept = set(order[:SHORTLIST])
        kept.update(row for row in order if people[row].id in request.fixed)
        for key in request.musts | request.cans:
            kept.update([r for r in order if key in people[r].holds][:FOR_EACH_DEMAND])
        for role in request.roles:
            fitting = [row for row in order if role.key in people[row].roles]
            kept.update(fitting[: role.count + FOR_EACH_DEMAND])
        for region in request.required_regions | request.wanted_regions:
            kept.update([r for r in order if people[r].region == region][:FOR_EACH_DEMAND])
        return sorted(kept)

    def _best_of_shortlist(self, start: Collection[int]) -> Found | None:
        model = Model(self.problem, self.shortlist)
        model.keep_to(self.level)
        for team in self.teams:
            model.differ_from(team)
        model.aim_high(self.relaxation.linear, self.relaxation.share())
        if start:
            model.hint(start)
        found = model.solve()
        if found is None:
            return None
        ids = {self.problem.candidates[row].id for row in found.rows}
        return replace(found, value=value_of(self.problem, ids))
