"""A mail that reached us, read with suspicion: nothing in it is believed to be well-formed.

Whoever knows our address can send us anything, so sizes and counts have limits, headers are read
one by one, and what breaks them is an :class:`UnreadableError`, never a crash.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr

# A mail beyond this is not fetched: replies and reports of deliveries are small.
MOST_BYTES = 5 * 1024 * 1024
_MOST_PARTS = 200
_MOST_HEADER = 20_000
_LONGEST_SHOWN = 1000
_PART_HEADER = re.compile(rb"(?im)^content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class NotUnderstoodError(Exception):
    """The mail concerns us and cannot be dealt with; the text tells staff why."""


class UnreadableError(NotUnderstoodError):
    """The mail cannot be taken apart."""


@dataclass
class InboundMail:
    """One mail of our mailbox. ``key`` names it there for ever (UIDVALIDITY and UID)."""

    key: str
    received_at: datetime
    message: Message = field(repr=False)
    sender: str = ""
    subject: str = ""

    def header(self, name: str) -> str:
        """Return a header's text in one line, decoded and cut; empty when it is missing."""
        return header_text(self.message, name)

    def addresses(self, *names: str) -> list[str]:
        """Return the addresses in these headers, in lower case."""
        values = [str(value) for name in names for value in self.message.get_all(name, [])]
        short = [value[:_MOST_HEADER] for value in values]
        return [address.lower() for _, address in getaddresses(short) if "@" in address]

    def parts(self) -> Iterator[Message]:
        """Yield the parts that hold content, those of attached mails left out.

        :raises UnreadableError: when there are absurdly many.
        """
        return _leaves(self.message)


def read_mail(raw: bytes, *, key: str, received_at: datetime) -> InboundMail:
    """Take a mail apart.

    :raises UnreadableError: when it is built to break programs, or cannot be read at all.
    """
    lengths = [len(found[0]) for found in _PART_HEADER.finditer(raw)]
    if len(lengths) > 2 * _MOST_PARTS or max(lengths, default=0) > _MOST_HEADER:
        raise UnreadableError
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        for _ in _leaves(message):
            pass
        return with_headers(message, key=key, received_at=received_at)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise UnreadableError from error


def with_headers(message: Message, *, key: str, received_at: datetime) -> InboundMail:
    """Return a mail with what its headers say of sender and subject."""
    _, sender = parseaddr(header_text(message, "From"))
    return InboundMail(
        key=key,
        received_at=received_at,
        message=message,
        sender=sender.lower()[:320],
        subject=header_text(message, "Subject")[:300],
    )


def _leaves(message: Message) -> Iterator[Message]:
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > _MOST_PARTS:
            raise UnreadableError
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield part


def header_text(message: Message, name: str) -> str:
    """Return a header of any charset as one line of at most 1,000 signs."""
    value = str(message.get(name, ""))[:_MOST_HEADER]
    try:
        pieces = [
            piece if isinstance(piece, str) else decode(piece, charset or "utf-8")
            for piece, charset in decode_header(value)
        ]
    except (HeaderParseError, ValueError):
        pieces = [value]
    return _CONTROL.sub(" ", "".join(pieces)).strip()[:_LONGEST_SHOWN]


def content(part: Message, *, most: int) -> bytes:
    """Return what a part holds, its transfer encoding undone.

    :raises UnreadableError: when it is longer than ``most`` octets.
    """
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if len(data) > most:
        raise UnreadableError
    return data


def text(part: Message, *, most: int) -> str:
    """Return the text of a part, whatever its charset is or claims to be."""
    return decode(content(part, most=most), str(part.get_content_charset() or "utf-8"))


def decode(data: bytes, charset: str) -> str:
    """Decode as told; what is told wrong is tried as UTF-8, then read as Windows-1252."""
    for name in (charset, "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", errors="replace")
