"""A real Celery worker process on the test database and the test broker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import connection

from tests.processes import descendants, wait_until

ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """Return the address of the database the running test uses."""
    name = quote(str(connection.settings_dict["NAME"]))
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def drop_waiting_tasks() -> None:
    """Forget tasks of earlier tests, which no worker was there to take."""
    from dialog.celery import app

    app.control.purge()


@contextmanager
def celery_worker(
    folder: Path, *, concurrency: int = 2, **env: str
) -> Iterator[subprocess.Popen[Any]]:
    """Run a worker until the end of the block; the block may kill it before."""
    ready = folder / f"worker-ready-{os.urandom(4).hex()}"
    log = (folder / "worker.log").open("ab")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "dialog.celery", "worker"),
            *(f"--concurrency={concurrency}", "--loglevel=WARNING", "--without-gossip"),
            *("--without-mingle", "--without-heartbeat"),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url(),
            "READY_FILE": str(ready),
            **env,
        },
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        wait_until(lambda: ready.exists() or process.poll() is not None, "the worker")
        assert process.poll() is None, (folder / "worker.log").read_text()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                # How a worker ends is the supervisor's matter, which kills it then, too.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)
        log.close()


def kill_worker(process: subprocess.Popen[Any]) -> None:
    """End the worker and its children without any goodbye, as a power cut does."""
    children = descendants(process.pid)
    process.kill()
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    process.wait()
