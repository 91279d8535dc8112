"""A whole portal, started as a person starts it, for tests that talk to it from outside."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.processes import descendants, wait_gone, wait_until

ROOT = Path(__file__).resolve().parent.parent
UNSET = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE", "DEMO_PASSWORD")


_READ_VALUES = "import json, os\nvalues = json.loads(os.environ['VALUES'])\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return our environment, without the servers and settings of the tests."""
    plain = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**plain, "DATA_DIR": str(data), "PORT": str(free_port()), **more}


class Portal:
    """A portal that was started; ``parts`` are all processes below it, once it is ready."""

    def __init__(self, process: "subprocess.Popen[str]", port: str, output: Path) -> None:
        self.process = process
        self.environ: dict[str, str] = {}
        self.address = f"http://127.0.0.1:{port}/"
        self._output = output
        self.parts: dict[int, str] = {}

    def said(self) -> str:
        return self._output.read_text()

    def await_ready(self) -> None:
        line = f"Portal ready: {self.address}"
        wait_until(
            lambda: line in self.said() or self.process.poll() is not None, "the portal", 120
        )
        assert self.process.poll() is None, self.said()
        self.parts = descendants(self.process.pid)

    def part(self, words: str) -> int:
        """Return the first process whose command line holds these words."""
        return min(pid for pid, command in self.parts.items() if words in command)

    def run(self, code: str, **values: Any) -> Any:
        """Run Python code on the portal's database; return what it prints last, read as JSON.

        It finds ``values`` as a dictionary of that name.
        """
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", _READ_VALUES + code],
            cwd=ROOT,
            env={**self.environ, "VALUES": json.dumps(values)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def await_end(self) -> int:
        code = self.process.wait(60)
        wait_gone(self.parts)
        return code


@contextmanager
def started(data: Path, **more: str) -> Iterator[Portal]:
    environ = environment(data, **more)
    output = data.parent / f"output-{environ['PORT']}"
    with output.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_portal"],
            cwd=ROOT,
            env=environ,
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        portal = Portal(process, environ["PORT"], output)
        portal.environ = environ
        yield portal
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
