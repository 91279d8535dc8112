"""Bring up the whole portal: servers where none are named, web server, worker and beat."""

import errno
import os
import signal
import socket
import threading
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import connections

from core import embedded
from dialog.preparation import StartError, check_servers, demo_password, prepare
from dialog.supervisor import Supervisor, answers_ready, portal_parts


class Command(BaseCommand):
    """Runs until Ctrl-C or SIGTERM; ends with exit code 1 when a part of it ends."""

    help = "Run the portal: web server, Celery worker and beat, and its own PostgreSQL and Valkey."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def handle(self, *args: Any, **options: Any) -> None:
        asked = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            asked.set()
            raise KeyboardInterrupt

        # SIGTERM while we still prepare ends us as Ctrl-C does: through every "finally".
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        servers = embedded.provided()
        try:
            self._check(servers)
            check_servers()
            prepare(self._say)
            # Raised inside a destructor, the interrupt is swallowed there: so ask once more.
            if asked.is_set():
                raise KeyboardInterrupt
            sign_ins = _sign_ins()
            # The parts have connections of their own.
            connections.close_all()
            supervisor = Supervisor(
                logs=settings.DATA_DIR / "log",
                cwd=settings.BASE_DIR,
                others=servers.children if servers else (),
            )
            ended = supervisor.run(
                portal_parts(settings.DATA_DIR / "run"),
                answers=lambda: answers_ready(
                    _host(), settings.PORT, name=urlsplit(settings.BASE_URL).netloc
                ),
                announce=lambda: self._say(
                    "\n".join([f"Portal ready: {settings.BASE_URL}/", *sign_ins])
                ),
            )
        except StartError as error:
            raise SystemExit(str(error)) from error
        except KeyboardInterrupt:
            ended = None
        finally:
            if servers:
                servers.stop()
        if ended:
            raise SystemExit(ended)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _check(self, servers: embedded.EmbeddedServers | None) -> None:
        """Raise StartError when the port or the data folder is taken."""
        if servers and not servers.owned:
            raise StartError(
                f"DATA_DIR {settings.DATA_DIR} is in use by process {servers.owner()}; end that"
                " one first or choose another DATA_DIR."
            )
        for folder in ("run", "log"):
            try:
                (settings.DATA_DIR / folder).mkdir(parents=True, exist_ok=True)
                (settings.DATA_DIR / folder / ".writable").touch()
                (settings.DATA_DIR / folder / ".writable").unlink()
            except OSError as error:
                raise StartError(
                    f"DATA_DIR {settings.DATA_DIR} is not writable ({error.strerror});"
                    " choose another one."
                ) from error
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((os.environ.get("BIND_ADDRESS", "127.0.0.1"), settings.PORT))
            except OSError as error:
                reason = "is in use" if error.errno == errno.EADDRINUSE else error.strerror
                raise StartError(
                    f"Port {settings.PORT} {reason}; choose another one, for example:"
                    f" PORT={settings.PORT + 1} make run"
                ) from error


def _host() -> str:
    """Return where the web server is reached from here."""
    address = os.environ.get("BIND_ADDRESS", "127.0.0.1")
    return "127.0.0.1" if address == "0.0.0.0" else address  # noqa: S104 - compared, not bound


def _sign_ins() -> list[str]:
    """Return one line for each demo account; none outside demo mode."""
    if not settings.DEMO:
        return []
    people = get_user_model().objects.filter(is_demo=True, is_active=True)
    lines = [f"  {user.email}  ({user})" for user in people.order_by("-is_staff", "email")]
    return [f"Demo sign-ins, password {demo_password()}", *lines] if lines else []
