"""Answers of calendar programs: METHOD:REPLY of RFC 5546, as the programs really write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import Message
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Calendar

from core.mail.inbound import InboundMail, NotUnderstoodError, decode, text
from events.choices import Answer

_MOST_OCTETS = 256 * 1024
_TYPES = ("text/calendar", "application/ics")
_ANSWERS = {"ACCEPTED": Answer.YES, "DECLINED": Answer.NO, "TENTATIVE": Answer.MAYBE}
# Exchange may wrap a foreign UID into an identifier of its own ([MS-OXCICAL] 2.1.3.1.1.20.26).
_WRAPPED = re.compile(
    r"040000008200E00074C5B7101A82E008.*?7643616C2D55696401000000((?:[0-9A-F]{2})+?)00$"
)


@dataclass(frozen=True)
class CalendarReply:
    """One person's answer to one event. ``stamp`` is when the program says it was given."""

    uid: UUID | None
    attendee: str
    sent_by: str
    answer: Answer | None
    partstat: str
    stamp: datetime | None
    # The beginning the program answered to, where it says so unmistakably.
    starts: datetime | date | None
    organiser: str


def read_reply(mail: InboundMail) -> CalendarReply | None:
    """Return the answer a mail brings, or None when it brings nothing from a calendar.

    :raises NotUnderstoodError: when it brings something else from a calendar, or several answers.
    """
    found = [part for part in mail.parts() if _is_calendar(part)]
    if not found:
        return None
    calendar = _parsed(found[0])
    method = str(calendar.get("METHOD") or found[0].get_param("method") or "").upper()
    if method == "COUNTER":
        raise NotUnderstoodError(_("Somebody proposes another time for an event."))
    if method != "REPLY":
        raise NotUnderstoodError(
            _("This is an entry of a calendar (%(method)s), but no answer to an invitation.")
            % {"method": method[:20] or "PUBLISH"}
        )
    entries = calendar.walk("VEVENT")
    # A second one could only be another recurrence, and we send none.
    if len(entries) != 1:
        raise NotUnderstoodError(_("The answer from a calendar is not about one event."))
    return _reply(entries[0], mail.sender)


def _is_calendar(part: Message) -> bool:
    name = str(part.get_filename() or "").lower()
    return part.get_content_type() in _TYPES or (
        name.endswith(".ics") and part.get_content_maintype() in ("application", "text")
    )


def _parsed(part: Message) -> Any:
    words = text(part, most=_MOST_OCTETS).lstrip("\ufeff \r\n\t")
    try:
        return Calendar.from_ical(words)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise NotUnderstoodError(_("The calendar part of this mail is broken.")) from error


def _reply(entry: Any, sender: str) -> CalendarReply:
    attendees = entry.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    # RFC 5546 allows one. Where a program lists all, the sender speaks for nobody else.
    if len(attendees) > 1:
        attendees = [one for one in attendees if _address(one) == sender]
    if len(attendees) != 1:
        raise NotUnderstoodError(_("The answer from a calendar does not say whose it is."))
    attendee = attendees[0]
    parameters = getattr(attendee, "params", {})
    partstat = str(parameters.get("PARTSTAT", "")).upper()
    return CalendarReply(
        uid=_uid(str(entry.get("UID", ""))),
        attendee=_whose(attendee, parameters),
        sent_by=_address(parameters.get("SENT-BY", "")),
        answer=_ANSWERS.get(partstat),
        partstat=partstat[:20],
        stamp=_moment(entry.get("DTSTAMP")),
        starts=_moment(entry.get("DTSTART"), days=True),
        organiser=_address(entry.get("ORGANIZER", "")),
    )


def _whose(attendee: Any, parameters: Any) -> str:
    """Return the address; Apple may write a number of its own and name it in EMAIL (RFC 7986)."""
    address = _address(attendee)
    return address if "@" in address else _address(parameters.get("EMAIL", ""))


def _address(value: Any) -> str:
    return re.sub(r"(?i)^mailto:", "", str(value).strip().strip('"')).strip("<>").lower()


def _uid(value: str) -> UUID | None:
    value = value.strip()
    if wrapped := _WRAPPED.match(value.upper()):
        value = decode(bytes.fromhex(wrapped[1]), "ascii")
    try:
        return UUID(value.strip("{}"))
    except ValueError:
        return None


def _moment(value: Any, *, days: bool = False) -> Any:
    """Return a moment in UTC, or a day where ``days`` allows it; None for anything vaguer."""
    found = getattr(value, "dt", None)
    if isinstance(found, datetime):
        try:
            return found.astimezone(UTC) if found.tzinfo else None
        except OverflowError:
            return None
    return found if days and isinstance(found, date) else None
