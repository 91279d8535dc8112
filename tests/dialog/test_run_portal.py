"""The one command that brings up the portal, run as a person runs it."""

import ast
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from tests.portal import ROOT, environment, free_port, started
from tests.processes import descendants, running, wait_until
from tools import bootstrap

# Together on one core of a parallel run: the first start is made once.
pytestmark = pytest.mark.xdist_group("portal")


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
