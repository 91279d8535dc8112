"""Bringing rows to the mail server: claimed in batches, marked one by one.

A worker claims due rows in one statement and holds an advisory lock of its own while it works on
them. PostgreSQL drops that lock with the worker's connection, so ``core.mail.upkeep`` tells a dead
worker's rows from a slow worker's at once. Each row is marked as it is accepted, in a commit of its
own: a worker that dies between acceptance and mark repeats that one mail, with the same Message-ID.
"""

import json
import logging
import os
import random
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from core.choices import MailState
from core.mail.message import CompiledMail
from core.mail.transport import (
    DroppedError,
    RefusedError,
    Transport,
    UnreachableError,
    open_transport,
)
from core.models import MailContent, OutgoingMail

logger = logging.getLogger(__name__)

BATCH = 100
# A batch is given back after this many seconds, so that over a slow line a sign-in mail waits
# for seconds and not for the ninety invitations claimed before it.
BATCH_SECONDS = 2.0
RUN_SECONDS = 30.0
# Waiting 1, 2, 4 … minutes, at most 6 hours: twelve attempts take most of a day.
MAX_ATTEMPTS = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# The first half of the advisory lock's key, the second is the claimant's number.
LOCK_SPACE = 0x4D41494C
_KEEP_COMPILED = 200

_CLAIM = f"""
    WITH due AS (
        SELECT id FROM core_outgoingmail
        WHERE state = '{MailState.QUEUED}' AND due_at <= statement_timestamp()
        ORDER BY priority, due_at
        LIMIT %s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE core_outgoingmail AS mail
    SET state = '{MailState.SENDING}', claimed_at = statement_timestamp(), claimed_by = %s
    FROM due WHERE mail.id = due.id
    RETURNING mail.id, mail.content_id, mail."to", mail.to_name, mail."values", mail.attempts,
              mail.priority, mail.due_at
"""  # noqa: S608 - no value from outside
_MARK_SENT = f"""
    UPDATE core_outgoingmail
    SET state = '{MailState.SENT}', sent_at = clock_timestamp(), error = ''
    WHERE id = %s AND claimed_by = %s
"""  # noqa: S608 - no value from outside


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row this worker, and no other, is to deliver."""

    pk: UUID
    content_id: int
    to: str
    to_name: str
    values: dict[str, str]
    attempts: int


def deliver_due(*, seconds: float = RUN_SECONDS) -> bool:
    """Deliver mails until none is due or the time is up; return whether there may be more."""
    transport = open_transport()
    compiled: dict[int, CompiledMail] = {}
    until = monotonic() + seconds
    try:
        with _claimant() as name:
            while monotonic() < until:
                batch = _claim(name)
                if not batch:
                    return False
                _compile(batch, compiled)
                if not _deliver_batch(batch, compiled, transport, name):
                    return False
    finally:
        transport.close()
    return True


@contextmanager
def _claimant() -> Iterator[str]:
    """Hold the lock that proves this worker alive, under a name that leads to the lock."""
    number = random.getrandbits(31)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, number])
        # A mark survives the worker without waiting for the disk; only a crash of the database
        # server itself can lose the marks of its last half second, and those mails go out twice.
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield f"{number}@{socket.gethostname()[:60]}:{os.getpid()}"
    finally:
        # A connection that is gone has dropped its lock; asking it again would hide the reason.
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, number])
                cursor.execute("RESET synchronous_commit")


def _claim(name: str) -> list[Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [BATCH, name])
        rows = cursor.fetchall()
    rows.sort(key=lambda row: row[6:])
    return [
        Claimed(pk, content_id, to, to_name, _loaded(values), attempts)
        for pk, content_id, to, to_name, values, attempts, _priority, _due_at in rows
    ]


def _loaded(values: Any) -> dict[str, str]:
    loaded: dict[str, str] = json.loads(values) if isinstance(values, str) else values
    return loaded


def _compile(batch: Sequence[Claimed], compiled: dict[int, CompiledMail]) -> None:
    """Add the contents the batch needs; forget all when they become many."""
    missing = {row.content_id for row in batch} - compiled.keys()
    if not missing:
        return
    if len(compiled) > _KEEP_COMPILED:
        compiled.clear()
        missing = {row.content_id for row in batch}
    for content in MailContent.objects.filter(pk__in=missing):
        compiled[content.pk] = CompiledMail(content)


def _deliver_batch(
    batch: Sequence[Claimed], compiled: dict[int, CompiledMail], transport: Transport, name: str
) -> bool:
    """Deliver the batch in its order; return False when the server cannot be reached."""
    until = monotonic() + BATCH_SECONDS
    now = timezone.now()
    for position, row in enumerate(batch):
        if monotonic() > until:
            _release(batch[position:], name)
            break
        content = compiled[row.content_id]
        try:
            message = content.fill(
                pk=row.pk, to=row.to, to_name=row.to_name, values=row.values, now=now
            )
        except (ValueError, TypeError) as error:
            # Nobody can send this one: the reason stays with it, the others go on.
            logger.exception("Mail %s cannot be written", row.pk)
            _fail(row, name, f"{type(error).__name__}: {error}")
            continue
        try:
            transport.deliver(pk=row.pk, to=row.to, message=message, slug=content.slug)
        except RefusedError as refusal:
            _postpone_or_fail(row, name, refusal)
        except DroppedError as drop:
            _postpone_or_fail(row, name, drop)
            _release(batch[position + 1 :], name)
            return False
        except UnreachableError as reason:
            logger.warning("The mail server cannot be reached: %s", reason)
            _release(batch[position:], name, error=str(reason))
            return False
        else:
            _mark_sent(row, name)
    return True


def _mark_sent(row: Claimed, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK_SENT, [row.pk, name])


def _fail(row: Claimed, name: str, reason: str) -> None:
    OutgoingMail.objects.filter(pk=row.pk, claimed_by=name).update(
        state=MailState.FAILED, attempts=row.attempts + 1, error=reason
    )


def _postpone_or_fail(row: Claimed, name: str, reason: RefusedError | DroppedError) -> None:
    attempts = row.attempts + 1
    if (isinstance(reason, RefusedError) and not reason.is_temporary) or attempts >= MAX_ATTEMPTS:
        logger.warning("Mail %s failed: %s", row.pk, reason)
        _fail(row, name, str(reason))
        return
    OutgoingMail.objects.filter(pk=row.pk, claimed_by=name).update(
        state=MailState.QUEUED,
        attempts=attempts,
        due_at=timezone.now() + waiting_time(attempts),
        error=str(reason),
    )


def _release(rows: Sequence[Claimed], name: str, *, error: str = "") -> None:
    """Give claimed rows back untried."""
    OutgoingMail.objects.filter(pk__in=[row.pk for row in rows], claimed_by=name).update(
        state=MailState.QUEUED, error=error
    )


def waiting_time(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
