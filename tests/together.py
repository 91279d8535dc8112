"""Tests that share something costly stay on one worker of a parallel run.

The marks of pytest-xdist for that have no effect since pytest names its tests another way.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# The look at every page takes as long as all walks together, so it has a portal of its own.
TOGETHER = (
    "tests/browser/test_whole_portal.py",
    "tests/browser/",
    "tests/dialog/test_run_portal.py",
)


class Scheduler(LoadScopeScheduling):
    """Hands out tests one by one, and those of a place in ``TOGETHER`` as one piece."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduler:
    return Scheduler(config, log)
