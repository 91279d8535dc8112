"""Bringing rows to the mail server: claimed in batches, marked one by one.

``claims`` says whose a row is, ``marks`` when it counts as sent. A worker that dies, or a database
that dies, between acceptance and mark repeats one mail with the same Message-ID; ``upkeep`` notes
which one that may be.
"""

import logging
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from django.utils import timezone

from core.choices import MailState
from core.mail.claims import Claimed, claim, claimant, release
from core.mail.marks import SentMarks
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

# A batch is given back after this many seconds, so that over a slow line a sign-in mail waits
# for seconds and not for the ninety invitations claimed before it.
BATCH_SECONDS = 2.0
RUN_SECONDS = 30.0
# Waiting 1, 2, 4 … minutes, at most 6 hours: twelve attempts take most of a day.
MAX_ATTEMPTS = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
_KEEP_COMPILED = 200


def deliver_due(*, seconds: float = RUN_SECONDS) -> float | None:
    """Deliver mails until none is due or the time is up.

    Returns in how many seconds there may be more to do: 0 when the time was up, more when the
    limits per minute hold mails back, None when there is nothing or the server cannot be reached.
    """
    transport = open_transport()
    until = monotonic() + seconds
    try:
        with claimant() as name:
            delivery = _Delivery(name, transport)
            try:
                while monotonic() < until:
                    claimed = claim(name)
                    if not claimed.rows:
                        return claimed.pause
                    if not delivery.deliver(claimed.rows):
                        return None
            finally:
                delivery.close()
    finally:
        transport.close()
    return 0


@dataclass(frozen=True, slots=True)
class _Finished:
    """A claimed row and the message made of it."""

    claimed: Claimed
    message: bytes


class _Delivery:
    """One claimant's way to the mail server."""

    def __init__(self, name: str, transport: Transport) -> None:
        self._name = name
        self._transport = transport
        self._marks = SentMarks(name)
        self._compiled: dict[int, CompiledMail] = {}

    def deliver(self, batch: Sequence[Claimed]) -> bool:
        """Deliver the batch in its order; return False when the server cannot be reached."""
        self._compile(batch)
        waiting = deque(batch)
        until = monotonic() + BATCH_SECONDS
        row = self._next(waiting, until)
        while row is not None:
            following = self._next(waiting, until)
            left = [following.claimed, *waiting] if following else [*waiting]
            if not self._deliver_one(row, following, left):
                return False
            row = following
        self._release(waiting)
        return True

    def _next(self, waiting: deque[Claimed], until: float) -> _Finished | None:
        """Return the next mail that can be written, or None when the batch or its time is over."""
        while waiting and monotonic() < until:
            row = waiting.popleft()
            message = self._message(row)
            if message is not None:
                return _Finished(row, message)
        return None

    def _deliver_one(
        self, mail: _Finished, following: _Finished | None, left: Sequence[Claimed]
    ) -> bool:
        """Deliver one mail; when the server cannot be reached, give back the others, ``left``."""
        row = mail.claimed
        try:
            self._transport.deliver(
                pk=row.pk,
                to=row.to,
                message=mail.message,
                slug=self._compiled[row.content_id].slug,
                before_end=self._marks.finish,
                following=following.claimed.to if following else "",
            )
        except RefusedError as refusal:
            self._postpone_or_fail(row, refusal)
        except DroppedError as drop:
            self._postpone_or_fail(row, drop)
            self._release(left)
            return False
        except UnreachableError as reason:
            logger.warning("The mail server cannot be reached: %s", reason)
            self._note_doubt(row)
            self._release([row, *left], error=str(reason))
            return False
        else:
            self._marks.begin(row.pk, doubtful=self._transport.is_doubtful)
        return True

    def close(self) -> None:
        """Wait for the last mark."""
        self._marks.close()

    def _compile(self, batch: Sequence[Claimed]) -> None:
        """Add the contents the batch needs; forget all when they become many."""
        missing = {row.content_id for row in batch} - self._compiled.keys()
        if not missing:
            return
        if len(self._compiled) > _KEEP_COMPILED:
            self._compiled.clear()
            missing = {row.content_id for row in batch}
        for content in MailContent.objects.filter(pk__in=missing):
            self._compiled[content.pk] = CompiledMail(content)

    def _message(self, row: Claimed) -> bytes | None:
        """Return the finished message, or None when nobody can send this one."""
        try:
            return self._compiled[row.content_id].fill(
                pk=row.pk, to=row.to, to_name=row.to_name, values=row.values, now=timezone.now()
            )
        except (ValueError, TypeError) as error:
            # The reason stays with it, the others go on.
            logger.exception("Mail %s cannot be written", row.pk)
            self._fail(row, f"{type(error).__name__}: {error}")
            return None

    def _fail(self, row: Claimed, reason: str) -> None:
        self._update(row, state=MailState.FAILED, attempts=row.attempts + 1, error=reason)

    def _postpone_or_fail(self, row: Claimed, reason: RefusedError | DroppedError) -> None:
        self._note_doubt(row)
        attempts = row.attempts + 1
        is_final = isinstance(reason, RefusedError) and not reason.is_temporary
        if is_final or attempts >= MAX_ATTEMPTS:
            logger.warning("Mail %s failed: %s", row.pk, reason)
            self._fail(row, str(reason))
            return
        self._update(
            row,
            state=MailState.QUEUED,
            attempts=attempts,
            due_at=timezone.now() + waiting_time(attempts),
            error=str(reason),
        )

    def _note_doubt(self, row: Claimed) -> None:
        """The answer to a whole message never came: it may be there already when it goes again."""
        if self._transport.is_doubtful:
            self._update(row, doubtful_at=timezone.now())

    def _update(self, row: Claimed, **values: Any) -> None:
        self._marks.finish()
        OutgoingMail.objects.filter(pk=row.pk, claimed_by=self._name).update(**values)

    def _release(self, rows: Collection[Claimed], *, error: str = "") -> None:
        self._marks.finish()
        if rows:
            release(rows, self._name, error=error)


def waiting_time(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
