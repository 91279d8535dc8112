"""Which worker delivers which mail, and how many in a minute.

A worker claims due rows in one statement and holds an advisory lock of its own while it works on
them. PostgreSQL drops that lock with the worker's connection, so ``core.mail.upkeep`` tells a dead
worker's rows from a slow worker's at once. It delivers them in the order of ``Claimed.order``,
which is how ``upkeep`` knows the one mail that was under way.
"""

import contextlib
import json
import os
import secrets
import socket
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from core.choices import MailPriority, MailState
from core.models import OutgoingMail

BATCH = 100
# The first half of the advisory lock's key, the second is the claimant's number; 0 is nobody's.
LOCK_SPACE = 0x4D41494C
_RATE_LOCK = 0
# Held-back mails are looked at this often at most: what a minute frees comes in small portions.
SHORTEST_PAUSE = 2.0
# How many waiting mails are looked through for those whose hosts may get some.
_LOOK_THROUGH = 1000

_RETURNED = """
    mail.id, mail.content_id, mail."to", mail.to_name, mail."values", mail.attempts,
    mail.priority, mail.due_at
"""
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
    RETURNING {_RETURNED}
"""  # noqa: S608 - no value from outside
_CLAIM_CHOSEN = f"""
    UPDATE core_outgoingmail AS mail
    SET state = '{MailState.SENDING}', claimed_at = statement_timestamp(), claimed_by = %s
    WHERE mail.id = ANY(%s) AND mail.state = '{MailState.QUEUED}'
    RETURNING {_RETURNED}
"""  # noqa: S608 - no value from outside
_USED = f"""
    SELECT host, count(*), 60 - extract(epoch FROM statement_timestamp() - min(sent_at))::float
    FROM core_outgoingmail
    WHERE state = '{MailState.SENDING}'
       OR (state = '{MailState.SENT}' AND sent_at > statement_timestamp() - interval '1 minute')
    GROUP BY host
"""  # noqa: S608 - no value from outside
_WAITING = f"""
    SELECT id, priority, host FROM core_outgoingmail
    WHERE state = '{MailState.QUEUED}' AND due_at <= statement_timestamp()
      AND (priority = {MailPriority.ACCOUNT} OR (%s AND host <> ALL(%s)))
    ORDER BY priority, due_at, id
    LIMIT %s
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


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch in the order of its delivery; an empty one may say when to ask again (seconds)."""

    rows: list[Claimed]
    pause: float | None = None


@contextmanager
def claimant() -> Iterator[str]:
    """Hold the lock that proves this worker alive, under a name that leads to the lock."""
    number = secrets.randbelow((1 << 31) - 1) + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, number])
    try:
        yield f"{number}@{socket.gethostname()[:60]}:{os.getpid()}"
    finally:
        # A connection that is gone has dropped its lock; asking it again would hide the reason.
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, number])


def claim(name: str) -> Claim:
    """Take up to a batch of due mails, urgent ones first, as many as this minute allows."""
    if settings.MAIL_PER_MINUTE or settings.MAIL_HOST_PER_MINUTE:
        return _claim_within_limits(name)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [BATCH, name])
        return Claim(_in_order(cursor.fetchall()))


def release(rows: Collection[Claimed], name: str, *, error: str = "") -> None:
    """Give claimed rows back untried."""
    OutgoingMail.objects.filter(pk__in=[row.pk for row in rows], claimed_by=name).update(
        state=MailState.QUEUED, error=error
    )


def _in_order(rows: list[Any]) -> list[Claimed]:
    # Priority, due time, id: the order ``upkeep`` looks for the mail that was under way.
    rows.sort(key=lambda row: (row[6], row[7], row[0]))
    return [
        Claimed(pk, content_id, to, to_name, _loaded(values), attempts)
        for pk, content_id, to, to_name, values, attempts, _priority, _due_at in rows
    ]


def _loaded(values: Any) -> dict[str, str]:
    loaded: dict[str, str] = json.loads(values) if isinstance(values, str) else values
    return loaded


@transaction.atomic
def _claim_within_limits(name: str) -> Claim:
    """Claim no more than what all workers together may still send in this minute.

    Claims are taken one after another (the lock), each counts what was accepted in the last
    minute and what is claimed. So no minute, wherever it begins, sees more than the limits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, _RATE_LOCK])
        cursor.execute(_USED)
        budget = _Budget(cursor.fetchall())
        cursor.execute(_WAITING, [budget.left > 0, budget.exhausted, _LOOK_THROUGH])
        chosen = [pk for pk, priority, host in cursor.fetchall() if budget.allows(priority, host)][
            :BATCH
        ]
        if not chosen:
            return Claim([], pause=_pause(budget))
        cursor.execute(_CLAIM_CHOSEN, [name, chosen])
        return Claim(_in_order(cursor.fetchall()))


class _Budget:
    """How many mails may go out now, and how many of them to which host."""

    def __init__(self, used: list[tuple[str, int, float | None]]) -> None:
        self._host_limit = settings.MAIL_HOST_PER_MINUTE or float("inf")
        self._used = Counter({host: number for host, number, _ in used})
        self._frees_in = {host: seconds for host, _, seconds in used}
        self.left = (settings.MAIL_PER_MINUTE or float("inf")) - self._used.total()
        self.exhausted = [host for host, number in self._used.items() if number >= self._host_limit]

    def allows(self, priority: int, host: str) -> bool:
        """Take one mail out of the budget if it may go; account mails always may."""
        if priority != MailPriority.ACCOUNT and (
            self.left <= 0 or self._used[host] >= self._host_limit
        ):
            return False
        self._used[host] += 1
        self.left -= 1
        return True

    def pause(self) -> float:
        """Return in how many seconds the first of those mails is a minute old that now count."""
        hosts = self._frees_in if self.left <= 0 else self.exhausted
        waits = [wait for host in hosts if (wait := self._frees_in.get(host)) is not None]
        return max(SHORTEST_PAUSE, min(waits, default=SHORTEST_PAUSE))


def _pause(budget: _Budget) -> float | None:
    """Return in how many seconds held-back mails may go on; None when none is held back."""
    if budget.left > 0 and not budget.exhausted:
        return None
    if not OutgoingMail.objects.due().exists():
        return None
    return budget.pause()
