"""What a team is worth, in points; docs/matching-consortia.md gives the reasons for each figure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.consortia.request import Candidate, Request

PAIRS: Final = 1000
"""Points a member earns when it fits each of the others perfectly, in a team of full size."""
FIT: Final = 500
"""Points of a member whose texts fit the idea perfectly."""
CAN: Final = 600
STAGE: Final = 150
WANTED_REGION: Final = 300
MEMBER: Final = 400
"""Points a further member costs: whoever brings less than that makes the team only larger."""

Pair = tuple[int, int]
Points: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """A request and everybody who could be in a team.

    ``scores`` (symmetric, in [0,1]) and ``competing`` have a row and a column for each candidate,
    in the order of ``candidates``. ``apart`` are pairs of ids that are never in one team, unless
    both are fixed.
    """

    request: Request
    candidates: Sequence[Candidate]
    scores: NDArray[np.float64]
    competing: NDArray[np.bool_]
    apart: frozenset[Pair] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        count = len(self.candidates)
        if self.scores.shape != (count, count) or self.competing.shape != (count, count):
            raise ValueError("Scores need a row and a column for each candidate.")
        ids = {candidate.id for candidate in self.candidates}
        if len(ids) < count:
            raise ValueError("A candidate was handed in twice.")
        if missing := self.request.fixed - ids:
            raise ValueError(f"Fixed members that are no candidates: {sorted(missing)}.")

    def in_order(self) -> "Problem":
        """The same problem with candidates by id, so that their order never decides a tie."""
        order = sorted(range(len(self.candidates)), key=lambda row: self.candidates[row].id)
        return Problem(
            self.request,
            [self.candidates[row] for row in order],
            self.scores[np.ix_(order, order)],
            self.competing[np.ix_(order, order)],
            self.apart,
        )

    @cached_property
    def pairs(self) -> Points:
        """Points of each pair: with all pairs of a full team perfect, ``PAIRS`` a member."""
        others = max(self.request.max_size - 1, 1)
        points = np.rint(np.clip(self.scores, 0, 1) * (2 * PAIRS / others)).astype(np.int64)
        np.fill_diagonal(points, 0)
        return points

    @cached_property
    def own(self) -> Points:
        """Points of each member by itself: fit to the idea, less what a member costs."""
        fits = np.array([candidate.fit for candidate in self.candidates], dtype=float)
        return np.asarray(np.rint(np.clip(fits, 0, 1) * FIT).astype(np.int64) - MEMBER)


def value_of(problem: Problem, ids: Collection[int]) -> int:
    """What a team is worth, in points; what it lacks is counted by :func:`shortfall_of`."""
    rows = [row for row, one in enumerate(problem.candidates) if one.id in ids]
    team = [problem.candidates[row] for row in rows]
    pairs = problem.pairs[np.ix_(rows, rows)]
    held = frozenset().union(*(member.holds for member in team))
    stages = frozenset().union(*(member.stages for member in team))
    regions = {member.region for member in team}
    return int(
        pairs[np.triu_indices(len(rows), 1)].sum()
        + problem.own[rows].sum()
        + CAN * len(held & problem.request.cans)
        + STAGE * len(stages)
        + WANTED_REGION * len(regions & problem.request.wanted_regions)
    )
