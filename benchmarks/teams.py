"""How long teams for a call take, and how much is left to the proven bound.

    python -m benchmarks.teams

200 and 2,630 candidates (as many as there are German organisations in the consortium data of the
research behind this), five musts, three further competences, two roles, a required region, a lead,
at most eight members. Scores as the harmonic mean of skewed benefits in twelve groups. Plain
values, no database.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.measure import row, show
from matching.consortia.problem import Problem
from matching.consortia.request import Candidate, Request, Role
from matching.consortia.search import Outcome, propose_teams

COMMAND = "python -m benchmarks.teams"
SIZES = (200, 2630)
LIMIT = 60.0
GAP = 0.15


def problem(count: int, seed: int = 1) -> Problem:
    """Return a call and so many candidates, the same in every run."""
    chance = np.random.default_rng(seed)
    benefit = chance.beta(3, 6, size=(count, count))
    group = chance.integers(0, 12, count)
    closeness = chance.random((12, 12))
    closeness = (closeness + closeness.T) / 2
    mutual = 2 * benefit * benefit.T / (benefit + benefit.T)
    scores = np.clip(0.7 * mutual + 0.25 * closeness[np.ix_(group, group)], 0, 1)
    np.fill_diagonal(scores, 0)
    focus = chance.integers(0, 30, count)
    competing = focus[:, None] == focus[None, :]
    np.fill_diagonal(competing, False)
    holds = chance.random((count, 8)) < 0.04 + 0.1 * chance.random(8)
    stages = chance.random((count, 6)) < 0.3
    kinds = chance.integers(0, 6, count)
    fits = np.round(chance.beta(1.5, 6, count), 4)
    people = [
        Candidate(
            id=number,
            holds=frozenset(f"c{key}" for key in np.flatnonzero(holds[number])),
            roles=frozenset({f"k{kinds[number]}"}),
            region=f"r{number % 5}",
            stages=frozenset(f"s{key}" for key in np.flatnonzero(stages[number])),
            fit=float(fits[number]),
        )
        for number in range(count)
    ]
    request = Request(
        musts=frozenset(f"c{key}" for key in range(5)),
        cans=frozenset({"c5", "c6", "c7"}),
        roles=(Role("k1", 2), Role("k2", 1)),
        min_size=4,
        max_size=8,
        required_regions=frozenset({"r1"}),
        wanted_regions=frozenset({"r2"}),
        fixed=frozenset({0}),
    )
    return Problem(request, people, scores, competing)


def _measured(count: int) -> tuple[Outcome, float]:
    task = problem(count)
    begun = time.process_time()
    outcome = propose_teams(task)
    return outcome, time.process_time() - begun


def run() -> list[dict[str, Any]]:
    """Return one row a figure."""
    rows = []
    for count in SIZES:
        outcome, seconds = _measured(count)
        words = f"three teams of at most 8 from {count:,} candidates"
        gap = max(team.gap for team in outcome.teams)
        rows += [
            row(
                words,
                value=seconds,
                baseline=1,
                unit="s CPU against one second",
                target=f"under {LIMIT:.0f} s",
                met=seconds < LIMIT and len(outcome.teams) == 3,
                command=COMMAND,
            ),
            row(
                f"widest gap to the proven bound, {words}",
                value=gap,
                baseline=1,
                unit="share of the bound",
                target=f"at most {GAP}",
                met=gap <= GAP and not outcome.shortfall,
                command=COMMAND,
            ),
        ]
    return rows


if __name__ == "__main__":
    show(run())
