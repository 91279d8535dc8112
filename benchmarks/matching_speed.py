"""How fast partners are found among 1,500, 10,000 and 50,000 profiles, and with how much memory.

    python -m benchmarks.matching_speed                       all three sizes
    python -m benchmarks.matching_speed --sizes 1500 10000    some sizes
    python -m benchmarks.matching_speed --sizes 10000 --profile

Baseline of a full round: a blocked single-precision product of as many 512-dimensional unit
vectors with themselves, and argpartition for the best eight of each row. Baseline of one changed
profile: one product of the same matrix with one vector. Both are measured in the same process, as
CPU time, which other processes of a busy machine do not add to. No database.

As the baseline begins with vectors, the round begins with tables: n-grams and vectors of each text,
made once for each changed text. It ends with the chosen eight of every profile, all six parts
included, and everything that takes pairs (text scales, exposure) is in it. Making the tables from
profiles as they come from the database is a row of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching_world import DIMENSIONS, VOCABULARY, make_world
from benchmarks.measure import row, show

COMMAND = "python -m benchmarks.matching_speed"
SIZES = (1_500, 10_000, 50_000)
MEMORY_GIB = 2.0
FULL_TARGET, ONE_TARGET, ONE_SECONDS = 3.0, 150.0, 2.0
ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 25)


def _cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def _bare_round(vectors: NDArray[np.float32], block: int = 256) -> None:
    for start in range(0, len(vectors), block):
        likeness = vectors[start : start + block] @ vectors.T
        np.argpartition(likeness, len(vectors) - 8, axis=1)[:, -8:]


def _peak_gib() -> float:
    status = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024**2


def measure(size: int) -> list[dict[str, Any]]:
    """Figures for one size; run it in a process of its own, because memory is a peak."""
    from matching.engine.changes import score_one
    from matching.engine.preparation import measured, tabulated
    from matching.engine.profile import Weights
    from matching.engine.ranking import choose_lists, results_of, some_lists

    # Loading libraries is no part of a round.
    import_module("sklearn.utils.sparsefuncs")
    profiles, vectors = make_world(size)
    making, tables = _cpu(
        lambda: tabulated(
            profiles,
            weights=Weights(),
            vocabulary=VOCABULARY,
            audience="clusters",
            today=TODAY,
            excluded=(),
            vectors=vectors,
            block_size=None,
        )
    )
    measuring, prepared = _cpu(lambda: measured(tables))
    choosing, lists = _cpu(lambda: choose_lists(prepared))
    taken = measuring + choosing
    peak = _peak_gib()
    some = some_lists(lists, np.arange(min(size, 200)))
    wording, _ = _cpu(lambda: results_of(prepared, some))
    changed = replace(profiles[size // 2], text_de=profiles[size // 3].text_de)
    walls, ones = [], []
    for _ in range(3):
        begun = time.monotonic()
        ones.append(_cpu(lambda: score_one(prepared, changed, vectors=vectors))[0])
        walls.append(time.monotonic() - begun)
    random = np.random.default_rng(1)
    bare = random.standard_normal((size, DIMENSIONS)).astype(np.float32)
    bare /= np.linalg.norm(bare, axis=1, keepdims=True)
    full, _ = _cpu(lambda: _bare_round(bare))
    queries = max(20, 200_000 // size)
    query = _cpu(lambda: [bare @ bare[number] for number in range(queries)])[0] / queries
    command = f"{COMMAND} --sizes {size}"
    aims = size >= 10_000
    shown = "shown, no target"
    return [
        row(
            f"matching, full round, {size:,} profiles",
            value=taken,
            baseline=full,
            unit="s CPU against bare product and argpartition",
            target=f"at most {FULL_TARGET:g}" if aims else shown,
            met=taken <= FULL_TARGET * full if aims else None,
            command=command,
        ),
        row(
            f"  and the tables for it from profiles, {size:,}",
            value=making,
            baseline=full,
            unit="s CPU against the same",
            target=shown,
            met=None,
            command=command,
        ),
        row(
            f"  facts and sentences of 200 lists, {size:,}",
            value=wording,
            baseline=1,
            unit="s CPU against one second",
            target=shown,
            met=None,
            command=command,
        ),
        row(
            f"matching, one changed profile, {size:,}",
            value=float(np.median(ones)),
            baseline=query,
            unit="s CPU against one bare vector query",
            target=f"at most {ONE_TARGET:g}" if size >= 50_000 else shown,
            met=float(np.median(ones)) <= ONE_TARGET * query if size >= 50_000 else None,
            command=command,
        ),
        row(
            f"  the same by the clock, {size:,}",
            value=float(np.median(walls)),
            baseline=1,
            unit="s against one second",
            target=f"at most {ONE_SECONDS:g} s",
            met=float(np.median(walls)) <= ONE_SECONDS,
            command=command,
        ),
        row(
            f"matching, peak memory of a full round, {size:,}",
            value=peak,
            baseline=MEMORY_GIB,
            unit="GiB",
            target=f"at most {MEMORY_GIB:g} GiB",
            met=peak <= MEMORY_GIB,
            command=command,
        ),
    ]


def run(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Return the rows of all sizes, each measured in a process of its own."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.matching_speed", "--one", str(size)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        rows += json.loads(done.stdout.splitlines()[-1])
    return rows


def main() -> None:
    """Measure some sizes, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--one", type=int, help="one size in this process, as JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one)))
    else:
        show(run(tuple(options.sizes)))


if __name__ == "__main__":
    main()
