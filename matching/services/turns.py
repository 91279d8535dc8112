"""One computation at a time, whichever process asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

LOCK: Final = 0x6D617463
"""Key of the advisory lock; PostgreSQL frees it when the process that holds it dies."""


class RoundBusyError(Exception):
    """Another process computes right now, perhaps from older data: ask again later."""


@contextmanager
def turn(*, wait: bool) -> Iterator[None]:
    """Hold the right to compute.

    :raises RoundBusyError: when another process holds it and ``wait`` is false.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise RoundBusyError("Another process computes suggestions.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
