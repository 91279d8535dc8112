"""``python -m benchmarks.consortia FOLDER``: the figures of docs/matching-benchmark.md.

--json FILE and --markdown FILE keep them, --group NAME (repeatable) and --cutoff DATE (repeatable)
measure some of it, --no-ablation leaves out the product without its parts. The exit status is 0
even where a goal is missed, unless --strict is given.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from benchmarks.consortia.data import DataMissingError, read_data
from benchmarks.consortia.protocol import GROUPS, HORIZON, Window, rolling_windows
from benchmarks.consortia.report import as_json, goals_met, markdown
from benchmarks.consortia.run import run_all

NO_DATA = (
    "Say where the data are: make bench-matching DATA=path/to/folder. "
    "docs/matching-benchmark.md says how to make them from the official CORDIS download."
)


def main(arguments: list[str]) -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.consortia", description=__doc__)
    parser.add_argument("folder", nargs="?", default="", help="the folder with the four files")
    parser.add_argument("--group", action="append", choices=list(GROUPS))
    parser.add_argument("--cutoff", action="append", type=date.fromisoformat)
    parser.add_argument("--no-ablation", action="store_true")
    parser.add_argument("--processes", type=int)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args(arguments)
    if not options.folder:
        print(NO_DATA, file=sys.stderr)
        return 2
    try:
        windows = _windows(Path(options.folder), options.cutoff)
    except DataMissingError as problem:
        print(problem, file=sys.stderr)
        return 2
    results = run_all(
        Path(options.folder),
        groups=options.group or tuple(GROUPS),
        windows=windows,
        ablation=not options.no_ablation,
        processes=options.processes,
    )
    text = markdown(results)
    print(text)
    if options.markdown:
        options.markdown.write_text(text, encoding="utf-8")
    if options.json:
        options.json.write_text(as_json(results), encoding="utf-8")
    return 1 if options.strict and not goals_met(results) else 0


def _windows(folder: Path, cutoffs: list[date] | None) -> list[Window]:
    """The cut-offs asked for, or those that the data allow; the last one is open-ended."""
    if not cutoffs:
        return rolling_windows(read_data(folder))
    days = sorted(cutoffs)
    return [Window(day, None if day == days[-1] else day + HORIZON) for day in days]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
