"""Rolling origin: what was known on a day, who may be suggested, who really came together next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.consortia.data import DataSet, Organisation, Project

FIRST_CUTOFF: Final = date(2022, 12, 31)
HORIZON: Final = timedelta(days=365)
SHORTEST_WINDOW: Final = timedelta(days=120)
"""A cut-off with less than this after it has too few new consortia to tell anything."""
GROUPS: Final[dict[str, Callable[[Organisation], bool]]] = {
    "NRW": lambda organisation: organisation.is_nrw,
    "intermediaries": lambda organisation: organisation.is_intermediary,
    "Germany": lambda organisation: organisation.is_germany,
}


@dataclass(frozen=True, slots=True)
class Window:
    """History up to and with `cutoff`; positives after it, up to and with `until`."""

    cutoff: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Task:
    """One group at one cut-off. Rows and columns of every matrix follow `candidates`.

    `links` has a column for every organisation of the world known at the cut-off and holds the
    number of joint consortia; `degree` is the number of different partners of each of them.
    """

    group: str
    window: Window
    candidates: tuple[int, ...]
    projects: tuple[tuple[Project, ...], ...]
    """The earlier projects of each candidate: all that its profile may be made of."""
    links: Any
    ties: Any
    """As `links`, but each consortium of n counts 1/(n - 1)."""
    world: tuple[int, ...]
    degree: NDArray[np.float64]
    size: NDArray[np.float64]
    """Number of earlier consortia of each candidate."""
    former: NDArray[np.bool_]
    """Pairs that have worked together, and the diagonal: neither candidates nor positives."""
    positive: NDArray[np.bool_]


def rolling_windows(data: DataSet, first: date = FIRST_CUTOFF) -> list[Window]:
    """Half-yearly cut-offs as far as the data reach; the last window is open-ended."""
    last_day = data.projects[-1].day
    cutoffs = []
    cutoff = first
    while cutoff + SHORTEST_WINDOW <= last_day:
        cutoffs.append(cutoff)
        cutoff = date(cutoff.year + 1, 6, 30) if cutoff.month == 12 else date(cutoff.year, 12, 31)
    return [Window(day, None if day == cutoffs[-1] else day + HORIZON) for day in cutoffs]


def make_task(data: DataSet, group: str, window: Window) -> Task:
    """Everything that a model may see of the group on the day of the cut-off, and the truth."""
    known = [project for project in data.projects if project.day <= window.cutoff]
    later = [
        project
        for project in data.projects
        if project.day > window.cutoff and (window.until is None or project.day <= window.until)
    ]
    belongs = GROUPS[group]
    own: dict[int, list[Project]] = {}
    for project in known:
        for member in project.members:
            if member in data.organisations and belongs(data.organisations[member]):
                own.setdefault(member, []).append(project)
    candidates = tuple(sorted(own))
    history = [project.members for project in known]
    history += [old.members for old in data.earlier if old.day <= window.cutoff]
    world = tuple(sorted({member for members in history for member in members}))
    incidence = _incidence(history, world)
    rows = np.searchsorted(np.array(world), np.array(candidates, dtype=np.int64))
    sizes = np.asarray(incidence.sum(axis=0)).ravel()
    share = incidence.multiply(1 / np.maximum(sizes - 1, 1)).tocsr()
    ties = (share[rows] @ incidence.T).tocsr()
    ties[np.arange(len(rows)), rows] = 0
    ties.eliminate_zeros()
    together = (incidence @ incidence.T).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    former = together[rows][:, rows].toarray() > 0
    np.fill_diagonal(former, True)
    met = _incidence([project.members for project in later], candidates)
    positive = (met @ met.T).toarray() > 0
    return Task(
        group,
        window,
        candidates,
        tuple(tuple(own[candidate]) for candidate in candidates),
        together[rows],
        ties,
        world,
        np.asarray(together.getnnz(axis=1), dtype=float),
        np.asarray(incidence[rows].sum(axis=1), dtype=float).ravel(),
        former,
        positive & ~former,
    )


def _incidence(consortia: Sequence[tuple[int, ...]], members: Sequence[int]) -> Any:
    """Members by consortia, 1 where one takes part."""
    row_of = {member: row for row, member in enumerate(members)}
    rows, columns = [], []
    for column, consortium in enumerate(consortia):
        for member in consortium:
            if member in row_of:
                rows.append(row_of[member])
                columns.append(column)
    return csr_matrix(
        (np.ones(len(rows)), (rows, columns)), shape=(len(members), max(len(consortia), 1))
    )
