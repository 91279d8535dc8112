#!/usr/bin/env python3
"""Set up what the portal needs in this folder, then hand over to a command.

    python3 tools/bootstrap.py run      the portal's packages and assets; then runs the portal
    python3 tools/bootstrap.py dev      those and what developing needs
    python3 tools/bootstrap.py test     those and the browser, gettext and an IMAP server

Only the standard library, and only what Python 3.6 can read: an old Python is to say that it
is old, not to trip over the grammar. Each step looks first whether it is already done.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, NoReturn  # noqa: UP035 - where Python 3.6 has them

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
STAMP = VENV / "installed.json"
LOG = VENV / "install.log"
OLDEST = (3, 11)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SYSTEM_PACKAGES = {
    "chromium": BROWSERS,
    "gettext": ("msgfmt",),
    "dovecot-imapd": ("dovecot", "/usr/sbin/dovecot"),
}


def stop(sentence: str) -> NoReturn:
    """End with one sentence."""
    sys.exit(sentence)


def say(sentence: str) -> None:
    print(sentence)
    sys.stdout.flush()


def check_python() -> None:
    if sys.version_info[:2] < OLDEST:
        stop(
            f"The portal needs Python {OLDEST[0]}.{OLDEST[1]} or newer and this is"
            f" {sys.version.split()[0]}; name a newer one, for example: make run PYTHON=python3.12"
        )


def check_folder() -> None:
    if not os.access(ROOT, os.W_OK | os.X_OK):
        stop(f"{ROOT} is not writable; copy the portal to a folder of your own.")


@contextlib.contextmanager
def only_one() -> "Iterator[None]":
    """Let a second start wait while a first one sets up the same folder."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def read_stamp() -> "dict[str, str]":
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def write_stamp(done: "dict[str, str]") -> None:
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(done, indent=1))
    fresh.replace(STAMP)


def succeeds(*command: str) -> bool:
    """Run quietly; tell whether it ended well."""
    try:
        return not subprocess.call(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=str(ROOT)
        )
    except OSError:
        return False


def logged(command: "list[str]", env: "dict[str, str] | None" = None) -> int:
    """Run with all output in the log of the installation; return the exit code."""
    with LOG.open("ab") as stream:
        stream.write("\n$ {}\n".format(" ".join(command)).encode())
        stream.flush()
        return subprocess.call(
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=str(ROOT), env=env
        )


def last_error() -> str:
    """Return what the last command in the log first complained about, for people to read."""
    lines = LOG.read_text(errors="replace").rpartition("\n$ ")[2].splitlines()
    errors = [line.strip() for line in lines[1:] if "error" in line.lower()]
    # npm first names codes, then says what happened.
    spoken = [line for line in errors if not line.startswith(("npm error code", "npm error errno"))]
    return (spoken or errors or ["no reason was given"])[0]


def make_venv() -> None:
    """Make .venv, unless a working one of this or a newer-than-oldest Python is there."""
    works = f"import sys; sys.exit(sys.version_info[:2] < {OLDEST})"
    if succeeds(PYTHON, "-c", works) and succeeds(PYTHON, "-m", "pip", "--version"):
        return
    if not succeeds(sys.executable, "-c", "import venv, ensurepip"):
        stop(
            "This Python lacks its venv module; install it (Debian, Ubuntu:"
            " apt install python3-venv) and start again."
        )
    version = sys.version.split()[0]
    say(f"Creating .venv with Python {version} ...")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        reason = done.stdout.decode(errors="replace").strip().splitlines() or ["no reason given"]
        stop(f".venv could not be created: {reason[-1]}")


def install(requirements: str, stamp: "dict[str, str]") -> None:
    """Install a pinned, hashed list of packages."""
    say(f"Installing the Python packages of {requirements} (a minute or two) ...")
    command = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--progress-bar", "off", "--retries", "2", "--require-hashes", "-r", requirements]
    if logged(command):
        stop(
            "The Python packages could not be installed (is the network there?):"
            f" {last_error()}; all of the output is in {LOG}"
        )
    stamp[requirements] = digest(requirements)
    if requirements == "requirements-dev.txt":
        # It contains the other list.
        stamp["requirements.txt"] = digest("requirements.txt")
    write_stamp(stamp)


def python_packages(*, development: bool) -> None:
    stamp = read_stamp()
    wanted = ["requirements.txt"] + (["requirements-dev.txt"] if development else [])
    if all(stamp.get(name) == digest(name) for name in wanted) and succeeds(PYTHON, "-c", ""):
        return
    make_venv()
    install(wanted[-1], read_stamp())


def npm_packages() -> None:
    """Fetch stylesheet and fonts with npm; where there is none, with one from a Python package."""
    stamp = ROOT / "node_modules" / ".lock.sha256"
    lock = digest("package-lock.json")
    if stamp.exists() and stamp.read_text() == lock:
        return
    npm = shutil.which("npm")
    env = dict(os.environ)
    if npm is None:
        install("requirements-node.txt", read_stamp())
        env["PATH"] = str(VENV / "bin") + os.pathsep + env.get("PATH", "")
        npm = str(VENV / "bin" / "npm")
    say("Fetching stylesheet and fonts with npm ...")
    if logged([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], env):
        stop(
            "The assets could not be fetched with npm (is the network there?):"
            f" {last_error()}; all of the output is in {LOG}"
        )
    stamp.write_text(lock)


def system_packages(names: "list[str]") -> None:
    """Install what only the system's package manager has, when we may; else say what to do."""
    missing = [
        name for name in names if not any(shutil.which(tool) for tool in SYSTEM_PACKAGES[name])
    ]
    if not missing:
        return
    advice = "apt-get install " + " ".join(missing)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        stop("Please install {} first: {}".format(" and ".join(missing), advice))
    say("Installing {} ...".format(" and ".join(missing)))
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    logged(["apt-get", "update", "-q"], env)
    if logged(["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing], env):
        stop(
            f"{advice} failed (is the network there?): {last_error()}; all of the output is in"
            f" {LOG}"
        )


def main(arguments: "list[str]") -> None:
    purpose = arguments[0] if arguments else ""
    if purpose not in ("run", "dev", "test"):
        stop(str(__doc__))
    check_python()
    check_folder()
    with only_one():
        python_packages(development=purpose != "run")
        npm_packages()
        if purpose == "dev":
            system_packages(["gettext"])
        elif purpose == "test":
            system_packages(["chromium", "gettext", "dovecot-imapd"])
    if purpose == "run":
        os.execv(PYTHON, [PYTHON, str(ROOT / "manage.py"), "run_portal"])  # noqa: S606


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
