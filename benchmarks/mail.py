"""How quickly invitations leave the house: ``python -m benchmarks.mail``.

All ways write to the same SMTP server in processes of its own, in the same run, in rounds. The bare
loop sends the same messages, finished before the clock starts, over one smtplib connection. The
others go through a real Celery worker, real Valkey and PostgreSQL on the disk. What the worker does
is measured from the commit of the rows, which wakes it, to the last mail accepted and marked; one
line counts the writing of the rows, too. Medians are reported.

Worker, PostgreSQL and server share this machine. Where one process keeps all its cores busy (a line
says how many), a second one cannot add anything; so both are measured once more at a server that
takes as long to answer as one across a network does.
"""

import json
import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import row
from tests.mail_sink import Sink, count

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m benchmarks.mail"
MAILS = 4000
PLAIN_MAILS = 1000
ROUNDS = 5
FEW, MANY = 1000, 50_000
SLOW_MAILS = 1000
SLOW_ANSWER = 0.003
"""Seconds, as from a mail server in the same town; those that look for viruses take far longer."""
WAYS = ("loop", "one", "written", "two", "plain", "one_slow", "two_slow", "busy")
_PARAGRAPH = (
    "Please tell us by 1 March whether you will come; your answer helps us plan the workshops."
    " Bring a colleague who knows your members’ needs. Answer here: %%answer_url%% "
)
_CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//portal.example//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:plenary@portal.example
SEQUENCE:2
DTSTAMP:20270101T000000Z
DTSTART:20270304T090000Z
DTEND:20270304T160000Z
SUMMARY:Plenary meeting of the clusters with workshops in the afternoon
LOCATION:Town hall\\, large room\\, Market place 1\\, 40213 Düsseldorf
DESCRIPTION:Please answer here: %%answer_url%%
ORGANIZER;CN="Cluster-Dialog.NRW":mailto:dialog@portal.example
ATTENDEE;CN="%%to_name%%";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:%%to%%
END:VEVENT
END:VCALENDAR
"""


def run() -> list[dict[str, Any]]:
    """Measure on servers of this run's own and return the rows for ``make bench``."""
    from core.embedded import EmbeddedServers

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        far = folder / "far"
        far.mkdir()
        with (
            Sink(folder) as sink,
            Sink(far, delay=SLOW_ANSWER) as slow,
            EmbeddedServers(folder) as servers,
        ):
            result = folder / "result.json"
            environment = {
                **os.environ,
                **servers.urls,
                "DJANGO_SETTINGS_MODULE": "dialog.settings",
                "DATA_DIR": str(folder),
                "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
                "LOG_LEVEL": "WARNING",
                "SINK_COUNTS": str(folder / "sink.counts"),
                "SINK_PORT": str(sink.port),
                "SLOW_SINK_COUNTS": str(far / "sink.counts"),
                "SLOW_SINK_PORT": str(slow.port),
            }
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
            command = [sys.executable, "-m", "benchmarks.mail", "measure", str(result)]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            return _rows(json.loads(result.read_text()))


def _rows(found: dict[str, list[float]]) -> list[dict[str, Any]]:
    rate = {name: median(found[name]) for name in WAYS}
    few, many = found["memory"]
    figures = [
        ("invitations, one worker process (baseline: smtplib loop)", "one", "loop", 0.5),
        ("invitations, two worker processes (baseline: one)", "two", "one", 1.7),
        ("the same, answers take 3 ms (baseline: one)", "two_slow", "one_slow", 1.7),
        ("invitations, two processes (baseline: a send_mail task each)", "two", "plain", 5.0),
    ]
    rows = [
        row(
            name,
            value=rate[value],
            baseline=rate[baseline],
            unit="mails/s",
            target=f">= {target:g}",
            met=rate[value] / rate[baseline] >= target,
            command=COMMAND,
        )
        for name, value, baseline, target in figures
    ]
    rows.append(
        row(
            "the same with the writing of the rows (baseline: smtplib loop)",
            value=rate["written"],
            baseline=rate["loop"],
            unit="mails/s",
            target="",
            met=None,
            command=COMMAND,
        )
    )
    rows.append(
        row(
            "cores busy while one process delivers (baseline: cores there are)",
            value=rate["busy"],
            baseline=os.cpu_count() or 1,
            unit="cores",
            target="",
            met=None,
            command=COMMAND,
        )
    )
    rows.append(
        row(
            f"memory of a worker process, {MANY:,} mails (baseline: {FEW:,})",
            value=many,
            baseline=few,
            unit="MiB",
            target="<= 1.1",
            met=many / few <= 1.1,
            command=COMMAND,
        )
    )
    return rows


@contextmanager
def _worker(processes: int, port: str = "SINK_PORT") -> Iterator[int]:
    """Run a Celery worker, and yield the number of its main process.

    ``port`` names the variable with the port of the mail server it delivers to.
    """
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready"
        command = [
            *(sys.executable, "-m", "celery", "--quiet", "-A", "dialog.celery", "worker"),
            *(f"--concurrency={processes}", "--include=benchmarks.mail_baseline"),
            *("--prefetch-multiplier=4", "--loglevel=ERROR"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        environment = {
            **os.environ,
            "READY_FILE": str(ready),
            "EMAIL_URL": f"smtp://127.0.0.1:{os.environ[port]}",
        }
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            while not ready.exists():
                if process.poll() is not None:
                    raise RuntimeError("The Celery worker did not start.")
                time.sleep(0.1)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def measure(result: Path) -> None:
    """Measure everything in rounds and write mails a second, one list a way."""
    import django

    django.setup()
    found: dict[str, list[float]] = {name: [] for name in WAYS}
    for _ in range(ROUNDS):
        found["loop"].append(_loop(MAILS))
        with _worker(1):
            _rates(_ours, 200)
            before = _busy_seconds(), time.perf_counter()
            delivered, written = _rates(_ours, MAILS)
            after = _busy_seconds(), time.perf_counter()
            found["busy"].append((after[0] - before[0]) / (after[1] - before[1]))
            found["one"].append(delivered)
            found["written"].append(written)
        found["loop"].append(_loop(MAILS))
        with _worker(2):
            _rates(_ours, 200)
            found["two"].append(_rates(_ours, MAILS)[0])
            found["plain"].append(_rates(_plain, PLAIN_MAILS)[0])
        for way, processes in (("one_slow", 1), ("two_slow", 2)):
            with _worker(processes, "SLOW_SINK_PORT"):
                _rates(_ours, 100)
                found[way].append(_rates(_ours, SLOW_MAILS)[0])
    with _worker(1) as pid:
        found["memory"] = [_memory(pid, FEW), _memory(pid, MANY)]
    result.write_text(json.dumps(found))


def _accepted() -> int:
    names = ("SINK_COUNTS", "SLOW_SINK_COUNTS")
    return sum(count(Path(os.environ[name])) for name in names)


def _busy_seconds() -> float:
    """Return how long the cores of this machine have been at work, summed over all of them."""
    user, nice, system, *_ = Path("/proc/stat").read_text().split(maxsplit=10)[1:]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


def _rates(way: Callable[[int], float], number: int) -> tuple[float, float]:
    """Return the mails a second to the last one accepted and marked, from the moment the way
    hands them to the worker and from the call."""
    goal = _accepted() + number
    called = time.perf_counter()
    handed_over = way(number)
    while _accepted() < goal or _unmarked():
        time.sleep(0.01)
        if time.perf_counter() - called > 600:
            raise RuntimeError("Mails are missing after ten minutes.")
    end = time.perf_counter()
    if _accepted() != goal:
        raise RuntimeError("Some mail was sent twice.")
    return number / (end - handed_over), number / (end - called)


def _unmarked() -> bool:
    from core.choices import MailState
    from core.models import OutgoingMail

    return OutgoingMail.objects.filter(state__in=[MailState.QUEUED, MailState.SENDING]).exists()


def _loop(number: int) -> float:
    """Return the mails a second of a bare loop that sends finished messages."""
    from uuid import uuid4

    from django.utils import timezone

    from core.mail.message import CompiledMail

    compiled = CompiledMail(_content())
    messages = [
        (to, compiled.fill(pk=uuid4(), to=to, to_name=name, values=values, now=timezone.now()))
        for to, name, values in _recipients(number)
    ]
    with smtplib.SMTP("127.0.0.1", int(os.environ["SINK_PORT"])) as smtp:
        start = time.perf_counter()
        for to, message in messages:
            smtp.sendmail("dialog@portal.example", to, message)
        return number / (time.perf_counter() - start)


def _memory(worker: int, number: int) -> float:
    """Deliver so many mails and return the most memory a child of the worker ever had, in MiB."""
    from tests.processes import descendants

    _rates(_ours, number)
    peaks = []
    for pid in descendants(worker):
        status = Path(f"/proc/{pid}/status").read_text()
        peaks.append(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return max(peaks)


def _content() -> Any:
    from core.choices import MailKind
    from core.mail import prepare

    return prepare(
        "accounts/account_created",
        language="en",
        kind=MailKind.INVITATION,
        context={"password_url": "%%answer_url%%", "reason": _PARAGRAPH * 8},
        calendar=_CALENDAR,
        calendar_method="REQUEST",
    )


def _recipients(number: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    for n in range(number):
        link = f"https://portal.example/en/invitations/{n:032x}/?from=mail&way=1"
        yield f"guest-{n}@alpha.example", f"Guest number {n}", {"answer_url": link}


def _ours(number: int) -> float:
    from django.db import transaction

    from core.mail import Recipient, queue_many

    with transaction.atomic():
        queue_many(_content(), [Recipient(*values) for values in _recipients(number)])
        return time.perf_counter()


def _plain(number: int) -> float:
    from benchmarks.mail_baseline import send_one

    pk = _content().pk
    start = time.perf_counter()
    for to, _name, values in _recipients(number):
        send_one.delay(pk, to, values)
    return start


def main() -> None:
    """Print the figures, or measure them for another process."""
    from benchmarks.measure import show

    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
        return
    show(run())


if __name__ == "__main__":
    main()
