"""CP-SAT (OR-Tools) in a thread of its own, aim after aim, watched by the caller."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ortools.sat.python import cp_model

from matching.timetable.problem import Progress, Stage

TICK: Final = 0.25
"""Seconds between two looks at the search."""
FOUND: Final = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass
class Watch:
    """The clock of a computation, who is told how far it is, and whether to stop."""

    seconds: float
    seed: int = 1
    workers: int = 2
    report: Callable[[Progress], None] | None = None
    should_stop: Callable[[], bool] | None = None
    started: float = field(default_factory=time.monotonic)
    stopped: bool = False
    wishes: int | None = None
    bound: int | None = None

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Seconds that are left; none after a stop."""
        return 0.0 if self.stopped else max(self.seconds - self.elapsed, 0.0)

    def tick(self, stage: Stage) -> bool:
        """Tell how far it is; returns whether to go on."""
        if not self.stopped and self.should_stop is not None and self.should_stop():
            self.stopped = True
        if self.report is not None:
            share = min(self.elapsed / self.seconds, 1.0) if self.seconds else 1.0
            self.report(Progress(stage, self.wishes, self.bound, self.elapsed, share))
        return not self.stopped


@dataclass(frozen=True, slots=True)
class Answer:
    """Values of the watched variables, and for each aim what was reached and its bound."""

    values: list[int]
    reached: list[int]
    bounds: list[int]
    is_proven: bool


def run(
    model: cp_model.CpModel, seconds: float, watch: Watch, stage: Stage
) -> tuple[cp_model.CpSolver, Any]:
    """Solve once; the calling thread keeps watching, for it alone may use a database."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.05)
    solver.parameters.random_seed = watch.seed
    solver.parameters.num_workers = watch.workers
    found: dict[str, Any] = {}

    def work() -> None:
        try:
            found["status"] = solver.solve(model)
        except BaseException as error:  # handed on to the thread that waits
            found["error"] = error

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(0.05)
    while thread.is_alive():
        if not watch.tick(stage):
            solver.stop_search()
        thread.join(TICK)
    if "error" in found:
        raise found["error"]
    return solver, found["status"]


def in_order(
    model: cp_model.CpModel,
    aims: Sequence[Any],
    variables: Sequence[Any],
    *,
    known: Mapping[int, int],
    hint: Sequence[int] | None,
    seconds: float,
    watch: Watch,
    stage: Stage,
) -> Answer | None:
    """Maximise one aim after the other, each kept while the next is sought.

    ``known`` are bounds of aims (by number) that other reasoning has proven; ``hint`` is a value a
    variable. Aims that could not be proven in their time keep the best that was found. Returns
    None when nothing was found at all.
    """
    end = time.monotonic() + seconds
    values = list(hint) if hint is not None else None
    reached: list[int] = []
    bounds: list[int] = []
    proven = holds = True
    for number, aim in enumerate(aims):
        # A bound known beforehand takes for granted that the aims before reach theirs.
        limit = known.get(number) if holds else None
        model.clear_objective()  # type: ignore[no-untyped-call]
        if limit is not None:
            model.add(aim <= limit)
        model.maximize(aim)
        model.clear_hints()  # type: ignore[no-untyped-call]
        for variable, value in zip(variables, values or (), strict=False):
            model.add_hint(variable, value)
        left = min(end - time.monotonic(), watch.left)
        part = left / 2 if number < len(aims) - 1 else left
        solver, status = run(model, part, watch, stage)
        if status not in FOUND:
            if status == cp_model.INFEASIBLE or not reached:
                return None
            # Nothing new in its time: the last values still stand, nothing is known of this aim.
            return None if values is None else Answer(values, reached, bounds, False)
        values = [solver.value(variable) for variable in variables]
        best, bound = round(solver.objective_value), int(solver.best_objective_bound + 1e-6)
        bound = max(bound if limit is None else min(bound, limit), best)
        reached.append(best)
        bounds.append(bound)
        proven = proven and best == bound
        holds = holds and best == limit
        model.add(aim >= best)
    return Answer(values or [], reached, bounds, proven)
