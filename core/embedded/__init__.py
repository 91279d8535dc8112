"""PostgreSQL and Valkey for machines that have none.

Where DATABASE_URL and BROKER_URL name no servers, the portal runs its own: real ones, from
Python packages, on Unix sockets only, with their data in DATA_DIR. ``manage.py`` calls
``provide`` before Django loads; tests use ``EmbeddedServers`` on a temporary folder. Nothing
here imports Django.
"""

import atexit
from collections.abc import MutableMapping
from pathlib import Path

from core.embedded.child import Child
from core.embedded.errors import EmbeddedError
from core.embedded.servers import EmbeddedServers

__all__ = ["Child", "EmbeddedError", "EmbeddedServers", "data_dir", "provide", "provided"]

ROOT = Path(__file__).resolve().parent.parent.parent

_provided: EmbeddedServers | None = None


def data_dir(environ: MutableMapping[str, str]) -> Path:
    """Return the folder of all data: DATA_DIR, or ``var`` beside ``manage.py``."""
    return Path(environ.get("DATA_DIR") or ROOT / "var").resolve()


def provide(environ: MutableMapping[str, str]) -> EmbeddedServers | None:
    """Set DATABASE_URL and BROKER_URL in ``environ`` where they are missing.

    The servers are those already running on the data folder, or new ones that end with this
    process. Returns None when both variables were set. Raises EmbeddedError with one sentence.
    """
    global _provided
    database, broker = not environ.get("DATABASE_URL"), not environ.get("BROKER_URL")
    if not database and not broker:
        return None
    servers = EmbeddedServers(data_dir(environ), database=database, broker=broker)
    servers.start()
    atexit.register(servers.stop)
    environ.update(servers.urls)
    _provided = servers
    return servers


def provided() -> EmbeddedServers | None:
    """Return the servers that ``provide`` found or started in this process, if any."""
    return _provided
