"""Reading our mailbox over IMAP (RFC 3501): what is understood is marked, the rest stays unread.

Nothing is deleted or moved. Mails are fetched without touching them (``BODY.PEEK``). A mail that
was understood is marked as seen after the transaction of what followed from it, so a reader that
dies in between reads that one mail again, and every handler makes the second time harmless.
"""

import logging
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from core.mail.inbound import (
    MOST_BYTES,
    InboundMail,
    NotUnderstoodError,
    UnreadableError,
    read_mail,
    with_headers,
)
from core.models import InboundNote

logger = logging.getLogger(__name__)

# Says what was understood, in a word for the log; None: not this handler's matter.
# Raises NotUnderstoodError when the mail is its matter and somebody has to look.
Handler = Callable[[InboundMail], str | None]

MOST_AT_ONCE = 200
# What has lain unread for longer was left for people on purpose.
DAYS = 30
TIMEOUT = 30
# Shown by mail programs as a label: the portal has dealt with this mail.
KEYWORD = "ClusterDialog"
_SEEN = b"\\Seen"
# The advisory lock: "INBO", one reader at a time.
_LOCK = (0x494E424F, 1)


class MailboxError(Exception):
    """The mailbox cannot be read; the text says why, without the password."""


@dataclass
class Reading:
    """What one run did: how many mails of each sort were understood, how many wait for people."""

    understood: Counter[str] = field(default_factory=Counter)
    noted: int = 0
    # Another run was at it.
    is_busy: bool = False
    # More may be waiting than one run takes.
    is_unfinished: bool = False


def read(handlers: Sequence[Handler], *, most: int = MOST_AT_ONCE, again: bool = False) -> Reading:
    """Read new mails and give each to the first handler that knows it.

    What nobody understands gets one ``InboundNote`` and stays unread; it is not looked at again
    unless ``again`` says so. One mail's failure does not keep the next from being read.

    :raises MailboxError: when the server cannot be reached, refuses us or breaks off.
    """
    reading = Reading()
    with _alone() as is_alone, override(settings.LANGUAGE_CODE):
        if not is_alone:
            reading.is_busy = True
            return reading
        with _opened() as (client, uid_validity, keeps_keywords):
            uids = _unread(client, uid_validity, again)
            reading.is_unfinished = len(uids) > most
            for uid in uids[:most]:
                _read_one(client, uid, f"{uid_validity}:{uid}", handlers, reading, keeps_keywords)
    return reading


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock that PostgreSQL drops when our connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", _LOCK)
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", _LOCK)


@contextmanager
def _opened() -> Iterator[tuple[IMAPClient, int, bool]]:
    """Sign in and open the folder; whatever goes wrong is a MailboxError."""
    url = urlsplit(settings.IMAP_URL)
    where = f"{url.hostname}:{url.port or ''}"
    try:
        with _connected(url) as client:
            client.login(unquote(url.username or ""), unquote(url.password or ""))
            client.normalise_times = False
            folder = client.select_folder(unquote(url.path.lstrip("/")) or "INBOX")
            # A server that does not list them keeps all flags (RFC 3501, 7.1).
            flags = folder.get(b"PERMANENTFLAGS", (_SEEN,))
            if _SEEN not in flags:
                raise MailboxError(f"{where}: mails cannot be marked as seen in this folder.")
            yield client, int(folder[b"UIDVALIDITY"]), b"\\*" in flags
    except (IMAPClientError, OSError) as error:
        raise MailboxError(f"{where}: {error}") from error


def _connected(url: Any) -> IMAPClient:
    context = ssl.create_default_context()
    is_tls = url.scheme == "imaps"
    client = IMAPClient(
        url.hostname,
        port=url.port,
        ssl=is_tls,
        ssl_context=context if is_tls else None,
        timeout=TIMEOUT,
    )
    if url.scheme == "imap+tls":
        client.starttls(context)
    return client


def _unread(client: IMAPClient, uid_validity: int, again: bool) -> list[int]:
    since = timezone.localdate() - timedelta(days=DAYS)
    uids = sorted(client.search(["UNSEEN", "UNDELETED", "SINCE", since]))
    if again:
        return uids
    keys = {f"{uid_validity}:{uid}": uid for uid in uids}
    notes = InboundNote.objects.filter(mailbox_key__startswith=f"{uid_validity}:")
    known = set(notes.values_list("mailbox_key", flat=True))
    return [uid for key, uid in keys.items() if key not in known]


def _read_one(
    client: IMAPClient,
    uid: int,
    key: str,
    handlers: Sequence[Handler],
    reading: Reading,
    keeps_keywords: bool,
) -> None:
    mail: InboundMail | None = None
    try:
        mail = _fetched(client, uid, key)
        if mail is None:
            return
        with transaction.atomic():
            what = _handled(mail, handlers)
            InboundNote.objects.filter(mailbox_key=key, done_at=None).update(done_at=timezone.now())
    except NotUnderstoodError as error:
        _note(client, uid, key, mail, str(error) or _("This mail cannot be read by a program."))
        reading.noted += 1
    except (OperationalError, InterfaceError):
        # The database's trouble, not the mail's: it stays unread and is read next time.
        logger.exception("Mail %s was not dealt with", key)
    except (IMAPClientError, OSError):
        raise
    except Exception:
        # Whatever a mail may be made of: the others are still read.
        logger.exception("Mail %s broke its handler", key)
        _note(client, uid, key, mail, _("The portal failed at this mail; its log says why."))
        reading.noted += 1
    else:
        reading.understood[what] += 1
        client.add_flags([uid], [_SEEN], silent=True)
        if keeps_keywords:
            client.add_flags([uid], [KEYWORD], silent=True)


def _handled(mail: InboundMail, handlers: Sequence[Handler]) -> str:
    for handler in handlers:
        if (what := handler(mail)) is not None:
            return what
    raise NotUnderstoodError(_("This is no answer of a calendar and no report of a delivery."))


def _fetched(client: IMAPClient, uid: int, key: str) -> InboundMail | None:
    """Return a mail without marking it; None when somebody deleted it meanwhile."""
    known = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
    if known is None:
        return None
    if known[b"RFC822.SIZE"] > MOST_BYTES:
        raise NotUnderstoodError(_("This mail is too large to be an answer or a report."))
    fetched = client.fetch([uid], ["BODY.PEEK[]"]).get(uid)
    if fetched is None:
        return None
    return read_mail(fetched[b"BODY[]"], key=key, received_at=known[b"INTERNALDATE"])


def _note(client: IMAPClient, uid: int, key: str, mail: InboundMail | None, reason: str) -> None:
    """Leave one note for staff, however often the mail is read."""
    mail = mail or _headers_only(client, uid, key)
    InboundNote.objects.bulk_create(
        [
            InboundNote(
                mailbox_key=key,
                sender=mail.sender,
                subject=mail.subject,
                received_at=mail.received_at,
                reason=reason[:300],
            )
        ],
        ignore_conflicts=True,
    )


def _headers_only(client: IMAPClient, uid: int, key: str) -> InboundMail:
    """Return what can be told of a mail that is too large or cannot be read."""
    wanted = "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]<0.8192>"
    answer = client.fetch([uid], [wanted, "INTERNALDATE"]).get(uid, {})
    raw = next((value for name, value in answer.items() if name.startswith(b"BODY[")), b"")
    received_at = answer.get(b"INTERNALDATE", timezone.now())
    message = message_from_bytes(raw or b"", policy=policy.compat32)
    try:
        return with_headers(message, key=key, received_at=received_at)
    except (ValueError, LookupError, UnreadableError):
        return InboundMail(key=key, received_at=received_at, message=message)
