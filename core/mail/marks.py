"""Marks that wait for the disk while the next mail is already on its way.

A mail counts as sent when PostgreSQL has its mark on the disk. Waiting for that after each mail
would cost more than the mail. So the mark is sent off without waiting, the next message is filled
meanwhile, and only sending that one waits for the mark. Whatever dies at whatever moment, at most
one accepted mail has no mark.
"""

import contextlib
from uuid import UUID

import psycopg
from django.db import connection
from psycopg import pq

from core.choices import MailState

_STATEMENT = b"mark_mail_sent"
_MARK = f"""
    UPDATE core_outgoingmail
    SET state = '{MailState.SENT}', sent_at = clock_timestamp(), error = '',
        doubtful_at = CASE WHEN $3::boolean THEN clock_timestamp() ELSE doubtful_at END
    WHERE id = $1::uuid AND claimed_by = $2::text
"""  # noqa: S608 - no value from outside


class SentMarks:
    """Marks mails of one claimant on Django's connection, one mark under way at a time.

    Nobody else may use the connection before ``finish`` has returned.
    """

    def __init__(self, name: str) -> None:
        connection.ensure_connection()
        self._libpq = connection.connection.pgconn
        self._name = name.encode()
        self._is_under_way = False
        with connection.wrap_database_errors:
            self._check(self._libpq.prepare(_STATEMENT, _MARK.encode()))

    def begin(self, pk: UUID, *, doubtful: bool) -> None:
        """Send the mark off; an earlier one must have been finished."""
        values = [pk.hex.encode(), self._name, b"t" if doubtful else b"f"]
        with connection.wrap_database_errors:
            self._libpq.send_query_prepared(_STATEMENT, values)
            while self._libpq.flush():
                pass
        self._is_under_way = True

    def finish(self) -> None:
        """Wait until the mark is on the disk. Raises Django's OperationalError if not."""
        if not self._is_under_way:
            return
        self._is_under_way = False
        with connection.wrap_database_errors:
            while (result := self._libpq.get_result()) is not None:
                self._check(result)

    def close(self) -> None:
        """Wait for the last mark and forget the prepared statement."""
        try:
            self.finish()
        finally:
            # A connection that is gone has forgotten it; asking it again would hide the reason.
            with contextlib.suppress(psycopg.OperationalError):
                self._libpq.exec_(b"DEALLOCATE " + _STATEMENT)

    def _check(self, result: pq.abc.PGresult) -> None:
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise psycopg.OperationalError(result.get_error_message())
