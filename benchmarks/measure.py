"""What the benchmarks share: a portal with synthetic clusters, requests, CPU time, rows."""

from __future__ import annotations

import io
import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@contextmanager
def portal(clusters: int) -> Iterator[None]:
    """Bring up database, broker and Django in this process, with ``clusters`` synthetic ones."""
    from core.embedded import EmbeddedServers

    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as name,
        EmbeddedServers(Path(name), durable=False) as servers,
    ):
        os.environ.update(servers.urls)
        os.environ["DATA_DIR"] = name
        os.environ["LOG_LEVEL"] = "WARNING"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dialog.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        from django.db import connection

        from benchmarks.synthetic import make_clusters

        # CPU time is asked of one PostgreSQL process, so the connection to it must not be renewed.
        connection.settings_dict["CONN_MAX_AGE"] = None
        connection.close()
        make_clusters(clusters)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield
        connection.close()


@dataclass
class Answer:
    """What came back from the WSGI application."""

    status_code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


def requester() -> Callable[..., Answer]:
    """Return a function that sends one GET through the whole WSGI application, no socket.

    Each comes from another address, as from many readers: none is asked to slow down, and what
    the portal remembers of one reader stays as short as it is in life.
    """
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    readers = itertools.count()

    def get(path: str, **environ: str) -> Answer:
        route, _, query = path.partition("?")
        answer = Answer()
        reader = next(readers)

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            answer.status_code = int(status.split()[0])
            answer.headers = dict(headers)

        body = application(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": route,
                "QUERY_STRING": query,
                "SERVER_NAME": "127.0.0.1",
                "SERVER_PORT": "8000",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": f"10.{reader >> 16 & 255}.{reader >> 8 & 255}.{reader & 255}",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(),
                "wsgi.errors": io.StringIO(),
                "wsgi.version": (1, 0),
                "wsgi.multithread": False,
                "wsgi.multiprocess": False,
                "wsgi.run_once": False,
                **environ,
            },
            start,
        )
        answer.content = b"".join(body)
        body.close()
        return answer

    return get


def _server_seconds() -> float:
    """Return the CPU seconds PostgreSQL's process for this connection has used."""
    from django.db import connection

    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def cpu_seconds(request: Callable[[], Any], times: int) -> float:
    """Return the CPU seconds one request costs, ours and PostgreSQL's together.

    One request goes ahead uncounted: it opens the connection and warms what stays warm.
    """
    from django.db import connection

    request()
    connection.ensure_connection()
    server, own = _server_seconds(), time.process_time()
    for _ in range(times):
        request()
    return (time.process_time() - own + _server_seconds() - server) / times


def row(
    name: str,
    *,
    value: float,
    baseline: float,
    unit: str,
    target: str,
    met: bool | None,
    command: str,
) -> dict[str, Any]:
    """Return one line of the table; ``ratio`` is value to baseline."""
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "baseline": round(baseline, 3),
        "ratio": round(value / baseline, 3),
        "target": target,
        "met": met,
        "command": command,
    }


def show(rows: list[dict[str, Any]]) -> None:
    """Print rows as a table."""
    words = {True: "met", False: "MISSED", None: ""}
    print(f"{'figure':<56} {'value':>10} {'baseline':>10} {'ratio':>8}  target")
    for line in rows:
        print(
            f"{line['name'][:56]:<56} {line['value']:>10} {line['baseline']:>10}"
            f" {line['ratio']:>8}  {line['target']} {words[line.get('met')]}"
        )
