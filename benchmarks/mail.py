"""How quickly 2,000 invitations leave the house: ``python -m benchmarks.mail``.

Both ways write to the same SMTP server in a process of its own, through the same Celery worker
with two processes over Valkey, with the same texts. Measured from the call that writes the mails
to the last one accepted; rounds alternate, medians are reported.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.mail_sink import Sink

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m benchmarks.mail"
MAILS = 2000
ROUNDS = 3
TARGET = 5.0
_PARAGRAPH = (
    "Please tell us by 1 March whether you will come; your answer helps us plan the workshops."
    " Bring a colleague who knows your members’ needs. Answer here: %%answer_url%% "
)


def run() -> list[dict[str, Any]]:
    """Measure on servers of this run's own and return one row for ``make bench``."""
    from core.embedded import EmbeddedServers

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name, Sink() as sink:
        folder = Path(name)
        with EmbeddedServers(folder) as servers:
            result = folder / "result.json"
            environment = {
                **os.environ,
                **servers.urls,
                "DJANGO_SETTINGS_MODULE": "dialog.settings",
                "DATA_DIR": str(folder),
                "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
                "LOG_LEVEL": "WARNING",
            }
            with _worker(folder, environment):
                process = subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.mail", "measure", str(result)],
                    cwd=ROOT,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
                # The sink belongs to this process; the other one asks for its count.
                assert process.stdin is not None
                assert process.stdout is not None
                for _question in process.stdout:
                    process.stdin.write(f"{sink.count}\n")
                    process.stdin.flush()
            if process.wait():
                raise RuntimeError("The measurement failed.")
            return [_row(json.loads(result.read_text()))]


def _row(seconds: dict[str, list[float]]) -> dict[str, Any]:
    ours, plain = MAILS / median(seconds["ours"]), MAILS / median(seconds["plain"])
    return {
        "name": "2,000 invitations through Celery to an SMTP server",
        "value": round(ours),
        "unit": "mails/s",
        "baseline": round(plain),
        "ratio": round(ours / plain, 1),
        "target": f">= {TARGET:g}",
        "command": COMMAND,
    }


@contextmanager
def _worker(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Migrate, then run a Celery worker with two processes."""
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
    ready = folder / "worker-ready"
    command = [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "dialog.celery", "worker"),
        *(
            "--concurrency=2",
            "--prefetch-multiplier=4",
            "--include=benchmarks.mail_baseline",
            "--loglevel=ERROR",
        ),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**environment, "READY_FILE": str(ready)})
    try:
        while not ready.exists():
            if process.poll() is not None:
                raise RuntimeError("The Celery worker did not start.")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def measure(result: Path) -> None:
    """Alternate both ways and write their seconds, one list a way."""
    import django

    django.setup()
    ways: dict[str, Callable[[int], None]] = {"ours": _ours, "plain": _plain}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        _time(way, 100)
    for _ in range(ROUNDS):
        for name, way in ways.items():
            seconds[name].append(_time(way, MAILS))
    result.write_text(json.dumps(seconds))


def _accepted() -> int:
    print("count?", flush=True)
    return int(sys.stdin.readline())


def _time(way: Callable[[int], None], number: int) -> float:
    goal = _accepted() + number
    start = time.perf_counter()
    way(number)
    while _accepted() < goal:
        time.sleep(0.005)
        if time.perf_counter() - start > 300:
            raise RuntimeError("Mails are missing after five minutes.")
    seconds = time.perf_counter() - start
    if _accepted() != goal:
        raise RuntimeError("Some mail was sent twice.")
    return seconds


def _content() -> Any:
    from core.choices import MailKind
    from core.mail import prepare

    context = {"password_url": "%%answer_url%%", "reason": _PARAGRAPH * 8}
    return prepare(
        "accounts/account_created", language="en", kind=MailKind.INVITATION, context=context
    )


def _values(number: int) -> Iterator[tuple[str, dict[str, str]]]:
    for n in range(number):
        yield (
            f"guest-{n}@alpha.example",
            {"answer_url": f"https://portal.example/en/invitations/{n:032x}/?from=mail&way=1"},
        )


def _ours(number: int) -> None:
    from django.db import transaction

    from core.mail import Recipient, queue_many

    with transaction.atomic():
        queue_many(
            _content(),
            [Recipient(to, f"Guest {to}", values) for to, values in _values(number)],
        )


def _plain(number: int) -> None:
    from benchmarks.mail_baseline import send_one

    pk = _content().pk
    for to, values in _values(number):
        send_one.delay(pk, to, values)


def main() -> None:
    """Print the figures, or measure them for another process."""
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
        return
    for row in run():
        for name, value in row.items():
            print(f"{name:10} {value}")


if __name__ == "__main__":
    main()
