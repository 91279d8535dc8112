"""What a directory page costs, against the trivial page of the same server.

    python -m benchmarks.directory

Warm: the counts behind the filters are cached, as between two changes of public data. Cold: the
data has just changed, so every request counts anew. CPU of the Python process and of its
PostgreSQL session together, called in process, without a network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import quote

from benchmarks.measure import Answer, cpu_seconds, portal, requester, row, show

FEW, MANY = 1_500, 100_000
COMMAND = "python -m benchmarks.directory"
TRIVIAL = "/de/imprint/"
LIST = "/de/clusters/"
WARM_TIMES, COLD_TIMES, ROUNDS = 20, 2, 7


def run(few: int = FEW, many: int = MANY) -> list[dict[str, Any]]:
    """Return one row a figure. Needs the ground of ``measure.portal``; empties its clusters."""
    from django.db import connection

    from benchmarks import synthetic

    pages = {
        "list": LIST,
        "two filters": f"{LIST}?field=field-2&district=koeln",
        "search, every fifth": f"{LIST}?q={synthetic.COMMON}",
        "search, rare word": f"{LIST}?q={synthetic.RARE}",
        "search, typing error": f"{LIST}?q={quote(synthetic.misspelt())}",
    }
    get = requester()
    # Parallel workers would spend CPU time that no process here could be asked for.
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    costs: dict[tuple[str, str, int], Cost] = {}
    trivial = partial(load, get, TRIVIAL)
    for number in (few, many):
        synthetic.clear()
        synthetic.make_clusters(number)
        for name, path in pages.items():
            warm, cold = partial(load, get, path), partial(_load_after_change, get, path)
            costs[name, "warm", number] = cost(warm, trivial, WARM_TIMES)
            costs[name, "cold", number] = cost(cold, trivial, COLD_TIMES)
    synthetic.clear()
    return _rows(list(pages), costs, few, many)


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds of a page, and of the trivial page measured in turns with it."""

    page: float
    trivial: float
    # Page to trivial page, round by round: comparable between minutes in which the machine ran
    # unlike.
    ratio: float


def cost(page: Callable[[], object], trivial: Callable[[], object], times: int) -> Cost:
    """Measure a page and the trivial page in turns; medians of the rounds."""
    rounds = [
        (1000 * cpu_seconds(page, times), 1000 * cpu_seconds(trivial, WARM_TIMES))
        for _ in range(ROUNDS)
    ]
    pages, trivials = zip(*rounds, strict=True)
    return Cost(median(pages), median(trivials), median(one / two for one, two in rounds))


def load(get: Callable[..., Answer], path: str) -> None:
    """Fetch a page; anything but 200 ends the measurement."""
    status = get(path).status_code
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")


def _load_after_change(get: Callable[..., Answer], path: str) -> None:
    """Move the data version as a change of a profile does, then load the page."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_dataversion SET number = number + 1 WHERE name = 'public'")
    load(get, path)


def _rows(
    pages: list[str], costs: dict[tuple[str, str, int], Cost], few: int, many: int
) -> list[dict[str, Any]]:
    first = costs["list", "warm", few]
    allowed = 3 * first.trivial + 8
    rows = [
        row(
            f"directory page of 25 cards, {few} clusters, warm",
            value=first.page,
            baseline=first.trivial,
            unit="ms CPU against the trivial page",
            target=f"at most 3 x trivial + 8 ms = {allowed:.1f} ms",
            met=first.page <= allowed,
            command=COMMAND,
        )
    ]
    for name in pages:
        for state in ("warm", "cold"):
            small, large = costs[name, state, few], costs[name, state, many]
            is_goal = state == "warm"
            rows.append(
                row(
                    f"{name}, {state}, {few} to {many} clusters",
                    value=large.ratio,
                    baseline=small.ratio,
                    unit="trivial pages",
                    target="at most 1.3" if is_goal else "shown, no target",
                    met=large.ratio <= 1.3 * small.ratio if is_goal else None,
                    command=COMMAND,
                )
            )
    return rows


def main() -> None:
    with portal(clusters=0):
        show(run())


if __name__ == "__main__":
    main()
