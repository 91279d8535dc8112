"""Web server, worker and beat as children of one process, for ``manage.py run_portal``."""

import contextlib
import http.client
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import FrameType

from core.embedded import Child

READY_SECONDS = 120
# A task that is running when the portal ends gets this long to finish.
STOP_SECONDS = 15


@dataclass(frozen=True)
class Part:
    """A program of the portal. It creates ``ready`` (a file) once it works, if it has one."""

    name: str
    command: Sequence[str]
    ready: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)


def portal_parts(run: Path) -> list[Part]:
    """Return the parts of the portal; ``run`` is the folder for files that say "ready"."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "dialog.celery"]
    level = ["-l", os.environ.get("LOG_LEVEL", "INFO")]
    # Alone in its cell, the worker has nobody to gossip with or to greet (which takes a second).
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    size = ["-c", os.environ.get("WORKER_CONCURRENCY", "2")]
    return [
        Part("web", [*python, "gunicorn"]),
        Part("worker", [*celery, "worker", *level, *alone, *size], run / "worker.ready"),
        Part("beat", [*celery, "beat", *level], run / "beat.ready"),
    ]


class Supervisor:
    """Starts the parts, waits until they work, watches them, ends them.

    ``others`` are children started elsewhere (the embedded servers): watched, but ended by
    whoever started them, after the parts that use them.
    """

    def __init__(self, *, logs: Path, cwd: Path, others: Sequence[Child] = ()) -> None:
        self._logs = logs
        self._cwd = cwd
        self._others = list(others)
        self._children: list[Child] = []
        self._asked_to_end = False

    def run(
        self, parts: Sequence[Part], *, answers: Callable[[], bool], announce: Callable[[], None]
    ) -> str | None:
        """Run until SIGINT or SIGTERM comes (returns None) or a part ends (returns the story).

        ``answers`` is asked again and again, once every part says it is ready, until it says
        yes; then ``announce`` is called once.
        """
        with self._signals() as wake_up:
            try:
                return self._watch(parts, answers, announce, wake_up)
            finally:
                self._end()

    def _watch(
        self,
        parts: Sequence[Part],
        answers: Callable[[], bool],
        announce: Callable[[], None],
        wake_up: int,
    ) -> str | None:
        files = [part.ready for part in parts if part.ready]
        for path in files:
            path.unlink(missing_ok=True)
        for part in parts:
            self._start(part)
        deadline = monotonic() + READY_SECONDS
        announced = False
        while not self._asked_to_end:
            for child in [*self._others, *self._children]:
                if child.returncode is not None:
                    return story(child)
            if not announced and all(path.exists() for path in files) and answers():
                announce()
                announced = True
            if not announced and monotonic() > deadline:
                return f"The portal did not get ready in {READY_SECONDS} seconds; see {self._logs}."
            # Any signal, the end of a child among them, ends the wait.
            if select.select([wake_up], [], [], 5.0 if announced else 0.05)[0]:
                os.read(wake_up, 512)
        return None

    def _start(self, part: Part) -> None:
        environ = {**os.environ, **part.environ, "PYTHONUNBUFFERED": "1"}
        if part.ready:
            environ["READY_FILE"] = str(part.ready)
        log = self._logs / f"{part.name}.log"
        self._children.append(
            Child(part.name, part.command, log=log, environ=environ, cwd=self._cwd)
        )

    def _end(self) -> None:
        for child in self._children:
            child.ask_to_stop()
        deadline = monotonic() + STOP_SECONDS
        for child in self._children:
            child.stop(max(0.1, deadline - monotonic()))

    @contextlib.contextmanager
    def _signals(self) -> Iterator[int]:
        """Note SIGINT and SIGTERM, and yield a descriptor that any signal makes readable."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        old = {
            signal.SIGINT: signal.signal(signal.SIGINT, self._note),
            signal.SIGTERM: signal.signal(signal.SIGTERM, self._note),
            # Without a handler in Python the end of a child would not wake us up.
            signal.SIGCHLD: signal.signal(signal.SIGCHLD, lambda number, frame: None),
        }
        old_descriptor = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(old_descriptor)
            for number, handler in old.items():
                signal.signal(number, handler)
            os.close(reader)
            os.close(writer)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_end = True


def story(child: Child) -> str:
    """Tell how a child ended, with its last words."""
    code = child.returncode
    how = f"signal {signal.Signals(-code).name}" if code and code < 0 else f"exit code {code}"
    return f"{child.name} ended with {how}. Its last lines ({child.log}):\n{child.tail(20)}"


def answers_ready(host: str, port: int, *, name: str) -> bool:
    """Tell whether the portal's own check says that all it needs is there.

    ``name`` is the host name by which the portal is known; it answers to no other.
    """
    link = http.client.HTTPConnection(host, port, timeout=5)
    try:
        link.request("GET", "/readyz", headers={"Host": name})
        return link.getresponse().status == 200
    except OSError:
        return False
    finally:
        link.close()
