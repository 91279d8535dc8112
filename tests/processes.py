"""Looking at other processes, for tests that start some."""

import subprocess
import time
from collections.abc import Callable, Iterable


def wait_until(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until ``true()``; fail with ``what`` when it does not come true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s for: {what}"
        time.sleep(0.05)


def running() -> dict[int, tuple[int, str]]:
    """Return parent and command line of every process that runs (the unburied dead do not)."""
    listing = subprocess.run(
        ["ps", "-eww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 3) for line in listing.stdout.splitlines()]
    return {int(row[0]): (int(row[1]), row[-1]) for row in rows if not row[2].startswith("Z")}


def descendants(ancestor: int) -> dict[int, str]:
    """Return the command lines of all processes below ``ancestor``."""
    table = running()
    found: dict[int, str] = {}
    wave = [ancestor]
    while wave:
        wave = [pid for pid, (parent, _) in table.items() if parent in wave]
        found.update({pid: table[pid][1] for pid in wave})
    return found


def wait_gone(pids: Iterable[int], seconds: float = 30) -> None:
    """Wait until none of these processes runs any more."""
    wanted = set(pids)
    wait_until(lambda: not wanted & running().keys(), "the end of all processes", seconds)
