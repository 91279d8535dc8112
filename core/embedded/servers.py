"""The embedded servers of one data folder, and who owns them.

Two locks say all that must be known, without a process number that may be stale:

``run/owner.lock``
    is held by the process that started the servers, as long as it lives. Who finds it taken is
    a guest: it reads the addresses from ``run/servers.json`` and uses the owner's servers.
``run/servers.lock``
    is held by the owner and inherited by both servers. Who finds the first lock free and this
    one taken comes after an owner that was killed, while its servers are still going down.
"""

import fcntl
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from core.embedded import postgres, valkey
from core.embedded.child import Child
from core.embedded.errors import EmbeddedError

SOCKETS_PREFIX = "cluster-dialog-"


class EmbeddedServers:
    """PostgreSQL and Valkey on the folder ``path``, alive between ``start`` and ``stop``.

    ``durable=False`` is for tests: data may be lost when the power fails, and is faster.
    ``database`` and ``broker`` say which of the two are wanted. As a context manager::

        with EmbeddedServers(tmp_path, durable=False) as servers:
            os.environ.update(servers.urls)

    ``urls`` holds DATABASE_URL and BROKER_URL, as far as wanted; ``owned`` tells whether this
    object started the servers or found them running; ``children`` are those it started.
    """

    def __init__(
        self, path: Path, *, durable: bool = True, database: bool = True, broker: bool = True
    ) -> None:
        self.path = path.resolve()
        self.durable = durable
        self.urls: dict[str, str] = {}
        self.owned = False
        self.children: list[Child] = []
        self._database = database
        self._broker = broker
        self._run = self.path / "run"
        self._record = self._run / "servers.json"
        self._sockets: Path | None = None
        self._locks: list[IO[bytes]] = []
        self._process = os.getpid()

    def start(self) -> None:
        """Become the owner and start the servers, or become a guest of the present owner."""
        try:
            self._run.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._run):
                pass
        except OSError as error:
            raise EmbeddedError(
                f"DATA_DIR {self.path} is not writable ({error.strerror}); choose another one."
            ) from error
        deadline = time.monotonic() + 60
        while not self.owned and not self.urls:
            if self._take_lock("owner.lock"):
                self._start_servers()
            elif (record := self._read_record()) is not None:
                self._become_guest(record)
            elif time.monotonic() > deadline:
                raise EmbeddedError(f"Another process is starting servers in {self.path}.")
            else:
                time.sleep(0.02)

    def stop(self) -> None:
        """End the servers this object started; a guest only forgets their addresses."""
        self.urls = {}
        if not self.owned or os.getpid() != self._process:
            return
        self._record.unlink(missing_ok=True)
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop()
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
        for lock in self._locks:
            lock.close()
        self._locks, self.children, self.owned = [], [], False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def owner(self) -> int | None:
        """Return the process number of the owner, for people to read."""
        record = self._read_record()
        return int(record["owner"]) if record else None

    # --- inside ------------------------------------------------------------------------------

    def _start_servers(self) -> None:
        self.owned = True
        try:
            self._await_strays()
            self._forget_last_owner()
            self._sockets = Path(tempfile.mkdtemp(prefix=SOCKETS_PREFIX, dir=_sockets_base()))
            self._write_record()
            inherited = self._locks[-1].fileno()
            log = self.path / "log"
            if self._database:
                self.children.append(
                    postgres.start(
                        self.path / "postgres",
                        self._sockets,
                        log=log / "postgresql.log",
                        durable=self.durable,
                        lock=inherited,
                    )
                )
                self.urls["DATABASE_URL"] = postgres.url(self._sockets)
            if self._broker:
                self.children.append(
                    valkey.start(
                        self.path / "valkey",
                        self._sockets,
                        log=log / "valkey.log",
                        durable=self.durable,
                        lock=inherited,
                    )
                )
                self.urls["BROKER_URL"] = valkey.url(self._sockets)
            self._write_record()
        except BaseException:
            self.stop()
            raise

    def _take_lock(self, name: str) -> bool:
        """Take one of the two locks if it is free; it is held until ``stop`` or our end."""
        stream = (self._run / name).open("ab")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            return False
        self._locks.append(stream)
        return True

    def _await_strays(self) -> None:
        """Wait for the servers of an owner that was killed; they have been told to end."""
        deadline = time.monotonic() + 30
        while not self._take_lock("servers.lock"):
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Servers of an earlier start still run on {self.path}; end them first."
                )
            time.sleep(0.02)

    def _forget_last_owner(self) -> None:
        """Remove the addresses and sockets of an owner that could not do so itself."""
        record = self._read_record(complete=False)
        self._record.unlink(missing_ok=True)
        sockets = Path(record["sockets"]) if record else None
        if sockets and sockets.name.startswith(SOCKETS_PREFIX):
            shutil.rmtree(sockets, ignore_errors=True)

    def _write_record(self) -> None:
        """Say who owns the servers and where they are; without addresses until all are ready."""
        record = {"owner": os.getpid(), "sockets": str(self._sockets), "urls": self.urls}
        fresh = self._record.with_suffix(".new")
        fresh.write_text(json.dumps(record))
        fresh.replace(self._record)

    def _read_record(self, *, complete: bool = True) -> dict[str, Any] | None:
        """Return what the owner wrote, or None while it is still starting its servers."""
        try:
            record: dict[str, Any] = json.loads(self._record.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return record if record["urls"] or not complete else None

    def _become_guest(self, record: dict[str, Any]) -> None:
        """Take over the addresses of the owner's servers."""
        wanted = ["DATABASE_URL"] * self._database + ["BROKER_URL"] * self._broker
        if missing := [name for name in wanted if name not in record["urls"]]:
            raise EmbeddedError(
                f"The servers running on {self.path} were started with {missing[0]} set;"
                " set it here too."
            )
        self.urls = {name: record["urls"][name] for name in wanted}


def _sockets_base() -> str | None:
    """Return the folder for sockets, or None for the temporary one.

    Addresses of Unix sockets end at about 100 characters, so they cannot lie below DATA_DIR.
    """
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    return base if base and len(base) < 60 and os.access(base, os.W_OK | os.X_OK) else None
