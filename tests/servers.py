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

if not os.environ.get("DATABASE_URL") or not os.environ.get("BROKER_URL"):
    _folder = Path(tempfile.mkdtemp(prefix="portal-test-servers-"))
    _servers = EmbeddedServers(_folder, durable=False)
    _servers.start()
    os.environ.update(_servers.urls)

    def _end() -> None:
        _servers.stop()
        shutil.rmtree(_folder, ignore_errors=True)

    atexit.register(_end)

