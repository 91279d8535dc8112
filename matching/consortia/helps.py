"""What would help where a team lacks something: which demand, relaxed, lets more be met."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from matching.consortia.problem import Problem
from matching.consortia.relaxation import Level
from matching.consortia.search import least_shortfall

Kind = Literal["size", "roles", "regions", "competition", "excluded", "load"]
MORE_MEMBERS: Final = 3


@dataclass(frozen=True, slots=True)
class Help:
    """A demand to relax; ``amount`` members more where it is the size. ``musts`` are then met."""

    kind: Kind
    musts: int
    amount: int = 0


def what_would_help(
    problem: Problem, level: Level, variants: Mapping[Kind, Problem] | None = None
) -> tuple[Help, ...]:
    """Try to relax one demand after the other, and return those that lower what is missing.

    ``variants`` are the same call with more candidates: those left out by hand or by their load.
    """
    if not any(level):
        return ()
    found = [
        Help(kind, level[0] - after[0])
        for kind, changed in {**_relaxed(problem), **(variants or {})}.items()
        if (after := least_shortfall(changed)) is not None and after[:2] < level[:2]
    ]
    for more in range(1, MORE_MEMBERS + 1):
        size = problem.request.max_size + more
        after = least_shortfall(_with(problem, max_size=size))
        if after is not None and after < level:
            return (Help("size", level[0] - after[0], more), *found)
    return tuple(found)


def _relaxed(problem: Problem) -> dict[Kind, Problem]:
    request = problem.request
    changed: dict[Kind, Problem] = {}
    if request.roles:
        changed["roles"] = _with(problem, roles=())
    if request.required_regions:
        changed["regions"] = _with(problem, required_regions=frozenset())
    if problem.competing.any():
        changed["competition"] = _with(problem, competing_pairs=request.max_size**2)
    return changed


def _with(problem: Problem, **changes: object) -> Problem:
    request = replace(problem.request, **changes)  # type: ignore[arg-type]
    return Problem(request, problem.candidates, problem.scores, problem.competing, problem.apart)
