"""What a list of the API costs, against a plain ``ModelSerializer`` over the same models.

Whole requests through the WSGI application, in one process, in turns; CPU time of this process and
of PostgreSQL's server process together, so that work moved into the database is counted too.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

from benchmarks.measure import cpu_seconds, portal, requester, row, show

LIST = "/api/v1/clusters/?page_size=50"
ROUNDS = 7
REQUESTS = 40
COMMAND = "python -m benchmarks.api"


def run() -> list[dict[str, Any]]:
    """Return the figures, each a ratio measured in this run."""
    with portal(clusters=1500):
        return measure()


def measure() -> list[dict[str, Any]]:
    """Time ours, the plain one and the 304, interleaved; medians of the rounds."""
    from django.conf import settings

    # The portal's routes and the plain one beside them, behind the same middleware.
    settings.ROOT_URLCONF = "benchmarks.api_baseline"
    get = requester()
    etag = get(LIST).headers["ETag"]
    ways: dict[str, Callable[[], Any]] = {
        "plain": lambda: get("/plain/?page_size=50"),
        "ours": lambda: get(LIST),
        "unchanged": lambda: get(LIST, HTTP_IF_NONE_MATCH=etag),
    }
    assert ways["plain"]().status_code == ways["ours"]().status_code == 200
    assert ways["unchanged"]().status_code == 304
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, request in ways.items():
            times[name].append(cpu_seconds(request, REQUESTS))
    median = {name: statistics.median(values) * 1000 for name, values in times.items()}
    return [
        row(
            "API list of 50 clusters, CPU a request",
            value=median["ours"],
            baseline=median["plain"],
            unit="ms",
            target="≤ 0.25 × a plain ModelSerializer",
            met=median["ours"] <= median["plain"] / 4,
            command=COMMAND,
        ),
        row(
            "unchanged list (If-None-Match, 304), CPU a request",
            value=median["unchanged"],
            baseline=median["plain"],
            unit="ms",
            target="≤ 1/20 of a plain ModelSerializer",
            met=median["unchanged"] <= median["plain"] / 20,
            command=COMMAND,
        ),
        row(
            "unchanged list against our own full answer",
            value=median["unchanged"],
            baseline=median["ours"],
            unit="ms",
            target="for the record",
            met=None,
            command=COMMAND,
        ),
    ]


if __name__ == "__main__":
    show(run())
