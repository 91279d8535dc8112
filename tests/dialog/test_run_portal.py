"""The one command that brings up the portal, run as a person runs it."""

import ast
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import descendants, running, wait_gone, wait_until
from tools import bootstrap

ROOT = Path(__file__).resolve().parent.parent.parent
# Together on one core of a parallel run: the first start is made once.
pytestmark = pytest.mark.xdist_group("portal")
UNSET = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE", "DEMO_PASSWORD")


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
        yield Portal(process, environ["PORT"], output)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def refused(data: Path, **more: str) -> str:
    """Start a portal that cannot start; return what it said, which must be one line."""
    done = subprocess.run(
        [sys.executable, "manage.py", "run_portal"],
        cwd=ROOT,
        env=environment(data, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been through its first start."""
    folder = tmp_path_factory.mktemp("portal") / "var"
    with started(folder) as portal:
        portal.await_ready()
        portal.process.send_signal(signal.SIGINT)
        assert portal.await_end() == 0
    return folder


def test_portal_gets_ready_serves_and_ends_without_a_trace(data: Path) -> None:
    # Short, for an address of a Unix socket ends at about 100 characters.
    with tempfile.TemporaryDirectory() as runtime, started(data, XDG_RUNTIME_DIR=runtime) as portal:
        portal.await_ready()
        with urllib.request.urlopen(f"{portal.address}readyz", timeout=10) as answer:
            assert answer.status == 200
        sign_ins = portal.said().partition("Portal ready: ")[2]
        assert (data / "demo_password").read_text().strip() in sign_ins
        assert "staff@portal.example" in sign_ins
        for program in (
            "bin/postgres",
            "valkey-server",
            "gunicorn",
            "celery worker",
            "celery beat",
        ):
            assert portal.part(program)
        assert list(Path(runtime).glob("*/valkey"))
        second = refused(data)
        assert "is in use by process" in second
        assert str(portal.process.pid) in second
        portal.process.send_signal(signal.SIGTERM)
        assert portal.await_end() == 0
        assert not any(Path(runtime).iterdir())


def test_portal_recovers_from_kill_and_ends_when_a_part_crashes(data: Path) -> None:
    with started(data) as portal:
        portal.await_ready()
        portal.process.send_signal(signal.SIGKILL)
        assert portal.await_end() == -signal.SIGKILL
    with started(data) as portal:
        portal.await_ready()
        os.kill(portal.part("celery -A dialog.celery worker"), signal.SIGKILL)
        assert portal.await_end() == 1
        assert "worker ended with signal SIGKILL" in portal.said()
        assert "ready." in portal.said().partition("Its last lines")[2]


def test_interrupt_while_preparing_ends_without_a_trace(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with started(data) as portal:
        wait_until(lambda: "Updating the database" in portal.said(), "the preparation")
        portal.parts = descendants(portal.process.pid)
        assert portal.parts
        portal.process.send_signal(signal.SIGINT)
        assert portal.await_end() == 0
        assert "Traceback" not in portal.said()


def test_port_in_use_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused(tmp_path / "var", PORT=str(port))
        assert said.startswith(f"Port {port} is in use")
    assert not any(str(tmp_path) in command for _, command in running().values())


def test_folder_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is not writable" in refused(tmp_path / "file" / "var")


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgresql://portal:hidden@127.0.0.1:{port}/portal"),
        ("BROKER_URL", "redis://:hidden@127.0.0.1:{port}/0"),
    ],
)
def test_server_that_is_not_there_is_said_in_one_sentence(
    tmp_path: Path, name: str, url: str
) -> None:
    said = refused(tmp_path / "var", **{name: url.format(port=free_port())})
    assert name in said
    assert "is not there" in said
    assert "hidden" not in said


def test_bootstrap_tells_an_old_python_that_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 6))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "version", "3.9.2 (default)")
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer and this is 3\.9\.2"):
        bootstrap.main(["run"])
