"""Mails through servers that are killed again and again: ``python -m tests.mail_faults``.

Starts a PostgreSQL, a Valkey, an SMTP server and a Celery worker of its own, queues mails, and
kills all of them in the middle, in an order that a seed decides. Then it compares what the SMTP
server accepted with the rows: every recipient has the mail, always under the same Message-ID,
nobody has more than a kill explains, and whoever has it twice is reported. ``make soak`` runs it
for long, ``tests/core/test_mail_faults.py`` for short. Needs Linux (``/proc``, ``setpriv``).
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from core.embedded import postgres, valkey
from core.embedded.child import Child
from tests.mail_sink import Sink
from tests.processes import descendants

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 2
PATIENCE = 240.0
# How many mails one kill may repeat: one for each process that delivers.
BOUNDS = {"process": 1, "worker": PROCESSES, "database": PROCESSES, "smtp": PROCESSES, "broker": 0}
Value = TypeVar("Value")


class Servers:
    """The four kinds of process; each may be killed without warning and is started again."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder = folder
        self._rng = rng
        self._sockets = folder / "s"
        self._sockets.mkdir(mode=0o777)
        self._sockets.chmod(0o777)
        self._lock = (folder / "lock").open("wb")
        self.sink = Sink(folder, log=True, delay=0.0005)
        self.sink.start()
        self._start_database()
        self._start_broker()
        self.environ = {
            **os.environ,
            "DATABASE_URL": postgres.url(self._sockets),
            "BROKER_URL": valkey.url(self._sockets),
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "dialog.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "LOG_LEVEL": "WARNING",
        }
        self.environ.pop("CACHE_URL", None)
        self._worker: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """End everything."""
        if self._worker is not None:
            _kill(self._worker.pid)
            self._worker.wait()
        self.sink.kill()
        self._broker.stop()
        self._database.stop()
        self._lock.close()

    def start_worker(self) -> None:
        ready = self.folder / f"ready-{os.urandom(4).hex()}"
        command = [
            *(sys.executable, "-m", "celery", "--quiet", "-A", "dialog.celery", "worker"),
            *(f"--concurrency={PROCESSES}", "--loglevel=ERROR"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ]
        with (self.folder / "worker.log").open("ab") as log:
            self._worker = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environ, "READY_FILE": str(ready)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        _wait(lambda: ready.exists() or self._worker_is_gone(), "the worker")

    def kill(self, what: str) -> None:
        """End one of them as a power cut does, and start it again after a moment."""
        getattr(self, f"_kill_{what}")()

    def _kill_worker(self) -> None:
        assert self._worker is not None
        _kill(self._worker.pid)
        self._worker.wait()
        self.start_worker()

    def _kill_process(self) -> None:
        """Only one of the processes that deliver; Celery starts another one."""
        assert self._worker is not None
        children = sorted(descendants(self._worker.pid))
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._rng.choice(children), signal.SIGKILL)

    def _kill_smtp(self) -> None:
        self.sink.kill()
        time.sleep(self._rng.uniform(0, 0.5))
        self.sink.start()

    def _kill_broker(self) -> None:
        """Nothing it held comes back: it keeps no file."""
        _kill(self._broker.process.pid)
        self._broker.stop()
        time.sleep(self._rng.uniform(0, 0.5))
        self._start_broker()

    def _kill_database(self) -> None:
        _kill(self._database.process.pid)
        self._database.stop()
        time.sleep(self._rng.uniform(0, 0.5))
        self._start_database()

    def _start_broker(self) -> None:
        (self._sockets / valkey.SOCKET).unlink(missing_ok=True)
        self._broker = valkey.start(
            self.folder / "valkey",
            self._sockets,
            log=self.folder / "valkey.log",
            durable=False,
            lock=self._lock.fileno(),
        )

    def _start_database(self) -> None:
        for left in self._sockets.glob(".s.PGSQL*"):
            left.unlink()
        self._database: Child = postgres.start(
            self.folder / "postgres",
            self._sockets,
            log=self.folder / "postgres.log",
            durable=True,
            lock=self._lock.fileno(),
        )

    def _worker_is_gone(self) -> bool:
        return self._worker is None or self._worker.poll() is not None


def _kill(leader: int) -> None:
    """Kill a process and all below it; nobody gets to say goodbye."""
    for pid in [leader, *descendants(leader)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _wait(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE:.0f} s for {what}")
        time.sleep(0.02)


def _insist(ask: Callable[[], Value]) -> Value:
    """Return what ``ask`` returns, over a new connection where the old one has died."""
    from django.db import DatabaseError, connection

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except DatabaseError:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _write(number: int) -> None:
    """Queue the mails in portions, as invitations are."""
    from django.db import transaction

    from core.choices import MailKind
    from core.mail import Recipient, prepare, queue_many

    with transaction.atomic():
        content = prepare(
            "accounts/account_deleted", language="de", kind=MailKind.INVITATION, context={}
        )
        addresses = [f"guest-{n}@alpha.example" for n in range(number)]
        for start in range(0, number, 1000):
            queue_many(content, [Recipient(to) for to in addresses[start : start + 1000]])


def _sweep() -> None:
    """Do what beat does each minute, and let the time pass that postponed mails wait."""
    from django.utils import timezone

    from core.choices import MailState
    from core.models import OutgoingMail
    from core.tasks import sweep_mails

    OutgoingMail.objects.filter(state=MailState.QUEUED, due_at__gt=timezone.now()).update(
        due_at=timezone.now()
    )
    with contextlib.suppress(Exception):
        # The broker may be dead at this very moment, and so it may be for beat.
        sweep_mails()


def _unsent() -> int:
    from core.choices import MailState
    from core.models import OutgoingMail

    return OutgoingMail.objects.exclude(state=MailState.SENT).count()


def run(*, mails: int, faults: int, seed: int, kinds: list[str]) -> dict[str, Any]:
    """Deliver the mails through the faults and return the figures; AssertionError tells more."""
    rng = random.Random(seed)
    # Each kind at least once where there are enough faults, the rest by chance.
    plan = [*kinds[:faults], *rng.choices(kinds, k=max(0, faults - len(kinds)))]
    rng.shuffle(plan)
    moments = sorted(rng.sample(range(mails // 50, mails - mails // 50), len(plan)))
    with tempfile.TemporaryDirectory(prefix="portal-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        servers = Servers(folder, rng)
        try:
            os.environ.update(servers.environ)
            _prepare()
            servers.start_worker()
            _write(mails)
            for moment, what in zip(moments, plan, strict=True):
                _until(partial(_has_accepted, servers.sink, moment), f"{moment} mails")
                servers.kill(what)
                _say(f"  {servers.sink.count:6} accepted, killed: {what}")
            _until(lambda: _insist(_unsent) == 0, "all mails")
            return _judge(servers.sink.accepted(), mails, Counter(plan))
        except BaseException:
            for log in folder.glob("worker.log"):
                _say(log.read_text()[-3000:])
            raise
        finally:
            servers.stop()
            _forget()


def _has_accepted(sink: Sink, number: int) -> bool:
    return sink.count >= number


def _until(true: Callable[[], bool], what: str) -> None:
    """Wait as ``_wait`` does, with a sweep every half a second."""
    next_sweep = 0.0

    def swept() -> bool:
        nonlocal next_sweep
        if true():
            return True
        if time.monotonic() > next_sweep:
            _insist(_sweep)
            next_sweep = time.monotonic() + 0.5
        return False

    _wait(swept, what)


def _judge(accepted: list[tuple[str, str]], mails: int, plan: Counter[str]) -> dict[str, Any]:
    from core.models import OutgoingMail

    rows = {f"<{mail.pk}@portal.example>": mail for mail in _insist(OutgoingMail.objects.all)}
    counts = Counter(accepted)
    arrived = {(message_id, rows[message_id].to) for message_id in rows}
    assert set(counts) == arrived, "a mail is lost, or has two Message-IDs"
    assert len({to for _, to in counts}) == mails, "a recipient has no mail"
    bound = sum(BOUNDS[what] * number for what, number in plan.items())
    repeated = sum(counts.values()) - mails
    assert repeated <= bound, f"{repeated} mails were repeated, the kills explain {bound}"
    twice = {message_id for (message_id, _), number in counts.items() if number > 1}
    doubtful = {message_id for message_id, mail in rows.items() if mail.doubtful_at}
    assert twice <= doubtful, f"{len(twice - doubtful)} repeated mails are not reported"
    assert len(doubtful) <= bound, f"{len(doubtful)} mails are doubted, the kills explain {bound}"
    return {
        "mails": mails,
        "kills": dict(plan),
        "repeated": repeated,
        "reported": len(doubtful),
        "bound": bound,
    }


def _prepare() -> None:
    import django
    from django.apps import apps
    from django.core.management import call_command

    if not apps.ready:
        django.setup()
    call_command("migrate", verbosity=0)


def _forget() -> None:
    from django.db import connections

    connections.close_all()


def _say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def main() -> None:
    """Run, with the figures on the last line of each round; the exit status says if all held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--faults", type=int, default=25)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--rounds", type=int, default=1, help="with the seeds that follow")
    parser.add_argument("--kinds", default=",".join(BOUNDS))
    arguments = parser.parse_args()
    if arguments.rounds > 1:
        for seed in range(arguments.seed, arguments.seed + arguments.rounds):
            # Django knows one database, so each round has a process of its own.
            command = [sys.executable, "-m", "tests.mail_faults", f"--seed={seed}"]
            command += [f"--mails={arguments.mails}", f"--faults={arguments.faults}"]
            subprocess.run([*command, f"--kinds={arguments.kinds}"], cwd=ROOT, check=True)
        return
    started = time.monotonic()
    _say(f"seed {arguments.seed}")
    figures = run(
        mails=arguments.mails,
        faults=arguments.faults,
        seed=arguments.seed,
        kinds=arguments.kinds.split(","),
    )
    _say(f"seed {arguments.seed}: {figures} in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
