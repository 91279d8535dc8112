"""All models on all tasks, in as many processes as there are cores."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.consortia.baselines import BASELINES, WordVectors, baseline_scores
from benchmarks.consortia.data import DataSet, read_data
from benchmarks.consortia.metrics import MEASURES, Ranked, interval, mean_of, rank, resampling
from benchmarks.consortia.product import PRODUCT, variant_scores
from benchmarks.consortia.protocol import GROUPS, Window, make_task, rolling_windows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TaskResult:
    """All models on one group at one cut-off."""

    group: str
    window: Window
    candidates: int
    pairs: int
    organisations: NDArray[np.int64]
    """Who asks, one a query."""
    models: dict[str, Ranked]
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One model in one group over all windows; intervals are 95 % bootstrap."""

    values: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    coverage: float
    gini: float


def run_task(folder: Path, group: str, window: Window, *, ablation: bool) -> TaskResult:
    """Read the data and measure everything on one task; fit to run in a process of its own."""
    return measure_task(_data(folder), group, window, ablation=ablation)


def measure_task(data: DataSet, group: str, window: Window, *, ablation: bool) -> TaskResult:
    """Measure everything on one task."""
    began = time.perf_counter()
    task = make_task(data, group, window)
    scores = baseline_scores(task, WordVectors(data))
    scores |= variant_scores(task, ablation=ablation)
    models = {
        name: rank(score, task.former, task.positive, task.size) for name, score in scores.items()
    }
    queries = models[PRODUCT].queries
    return TaskResult(
        group,
        window,
        len(task.candidates),
        int(task.positive.sum()) // 2,
        np.array(task.candidates, dtype=np.int64)[queries],
        models,
        time.perf_counter() - began,
    )


def run_all(
    folder: Path,
    *,
    groups: Sequence[str] = tuple(GROUPS),
    windows: Sequence[Window] | None = None,
    ablation: bool = True,
    processes: int | None = None,
) -> list[TaskResult]:
    """Every group at every cut-off, the largest first, each in one of `processes` processes."""
    chosen = windows or rolling_windows(_data(folder))
    work = [(group, window) for group in reversed(groups) for window in reversed(chosen)]
    results = []
    with ProcessPoolExecutor(processes or os.cpu_count()) as pool:
        futures = [
            pool.submit(run_task, folder, group, window, ablation=ablation)
            for group, window in work
        ]
        for future in futures:
            result = future.result()
            print(
                f"{result.group}, {result.window.cutoff}: {result.seconds:.0f} s",
                file=sys.stderr,
                flush=True,
            )
            results.append(result)
    return results[::-1]


def summarise(results: Sequence[TaskResult]) -> dict[str, Figures]:
    """Model to figures over the windows of one group, queries of all windows taken together."""
    counts = resampling(np.concatenate([result.organisations for result in results]))
    found = {}
    for name in results[0].models:
        ranked = [result.models[name] for result in results]
        values = joined(ranked)
        found[name] = Figures(
            {measure: mean_of(values[measure]) for measure in MEASURES},
            {measure: interval(values[measure], counts) for measure in MEASURES},
            float(np.mean([one.coverage for one in ranked])),
            float(np.mean([one.gini for one in ranked])),
        )
    return found


def lead(results: Sequence[TaskResult], measure: str) -> tuple[str, float, tuple[float, float]]:
    """Best baseline, and how far the product is ahead of it, paired, with its 95 % interval."""
    joined_by = {
        name: joined([result.models[name] for result in results])[measure]
        for name in (*BASELINES, PRODUCT)
    }
    best = max(BASELINES, key=lambda name: mean_of(joined_by[name]))
    ahead = joined_by[PRODUCT] - joined_by[best]
    counts = resampling(np.concatenate([result.organisations for result in results]))
    return best, mean_of(ahead), interval(ahead, counts)


def joined(ranked: Sequence[Ranked]) -> dict[str, Floats]:
    """The figures of all queries of several tasks."""
    return {
        measure: np.concatenate([one.values[measure] for one in ranked]) for measure in MEASURES
    }


_read: dict[Path, DataSet] = {}


def _data(folder: Path) -> DataSet:
    """The data set, read once a process."""
    if folder not in _read:
        _read[folder] = read_data(folder)
    return _read[folder]
