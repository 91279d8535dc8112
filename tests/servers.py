"""Real servers for the tests: a PostgreSQL and a Valkey of this run's own, gone afterwards.

Loaded with ``-p tests.servers`` before Django reads its settings. Set DATABASE_URL and BROKER_URL
to test against other servers. Two runs side by side never meet: folders, sockets and database
names belong to one run.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from core.embedded import EmbeddedServers

# Set by the process that started servers: its parallel workers start their own all the same, since
# a worker's Celery must not take the tasks of another one's tests.
OURS = "PORTAL_TEST_SERVERS"

if not (os.environ.get("DATABASE_URL") and os.environ.get("BROKER_URL")) or os.environ.get(OURS):
    _folder = Path(tempfile.mkdtemp(prefix="portal-test-servers-"))
    for _name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
        os.environ.pop(_name, None)
    _servers = EmbeddedServers(_folder, durable=False)
    _servers.start()
    os.environ.update(_servers.urls, **{OURS: "1"})

    def _end() -> None:
        _servers.stop()
        shutil.rmtree(_folder, ignore_errors=True)

    atexit.register(_end)
