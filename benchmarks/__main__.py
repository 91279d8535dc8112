"""All figures: ``python -m benchmarks`` prints one table and writes ``var/bench.json``.

    python -m benchmarks            all of them
    python -m benchmarks api mail   some of them

Each module runs in a process of its own, with servers of its own. The exit status is 1 when a
target is missed or a module fails.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.measure import portal, show

MODULES = (
    "api",
    "assignment",
    "directory",
    "events",
    "mail",
    "matching_speed",
    "meetings",
    "teams",
)
# These empty and fill the portal themselves and expect it to be up.
NEED_A_PORTAL = frozenset({"directory", "events"})
ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "var" / "bench.json"


def _run_here(name: str, target: Path) -> None:
    module: Any = import_module(f"benchmarks.{name}")
    if name in NEED_A_PORTAL:
        with portal(clusters=0):
            rows = module.run()
    else:
        rows = module.run()
    target.write_text(json.dumps(rows))


def _run_apart(name: str) -> list[dict[str, Any]] | None:
    """Return the rows of one module, or nothing when it failed; its output stays visible."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        target = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "benchmarks", "--one", name, str(target)]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            print(f"benchmarks.{name} failed.", file=sys.stderr)
            return None
        rows: list[dict[str, Any]] = json.loads(target.read_text())
        return rows


def main(arguments: list[str]) -> int:
    """Run the modules named, or all of them; return the exit status."""
    if arguments[:1] == ["--one"]:
        _run_here(arguments[1], Path(arguments[2]))
        return 0
    unknown = set(arguments) - set(MODULES)
    if unknown:
        print(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(MODULES)}.")
        return 2
    results = [_run_apart(name) for name in arguments or MODULES]
    rows = [row for found in results if found is not None for row in found]
    show(rows)
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": rows,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    print(f"Written to {RESULT.relative_to(ROOT)}.")
    failed = None in results or any(row.get("met") is False for row in rows)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
