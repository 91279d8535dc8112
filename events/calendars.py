"""Events as calendar files (RFC 5545), for download, for feeds and for invitations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, vDDDTypes, vText, vUri
from icalendar import Event as Entry

from events.choices import DatePrecision, EventStatus
from events.dates import has_day, local

if TYPE_CHECKING:
    from events.models import Event, Session

PRODUCT = "-//Cluster-Dialog.NRW//Events//EN"
CONTENT_TYPE = "text/calendar; charset=utf-8"
# Rules instead of single dates: the file stays right for every year.
_BERLIN = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def page_address(event: Event) -> str:
    """Return the full address of the event's page in the active language."""
    return f"{settings.BASE_URL}{event.get_absolute_url()}"


def place(event: Event) -> str:
    """Return venue and city in one line; empty when neither is known."""
    return ", ".join(part for part in (event.venue, event.city) if part)


def _calendar(method: str, name: str = "") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add_component(Component.from_ical(_BERLIN))
    return calendar


def _categories(event: Event) -> list[str]:
    fields = [str(field) for field in event.innovation_fields.all()]
    return [str(event.get_kind_display()), *fields]


def _base(event: Event) -> Entry:
    entry = Entry()
    entry.add("dtstamp", event.updated_at)
    entry.add("created", event.created_at)
    entry.add("last-modified", event.updated_at)
    entry.add("sequence", event.sequence)
    entry.add("categories", _categories(event))
    entry["url"] = vUri(page_address(event))
    cancelled = event.status == EventStatus.CANCELLED
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return entry


def _add_span(entry: Entry, event: Event) -> None:
    start, end = local(event.starts_at), local(event.ends_at or event.starts_at)
    if event.date_precision == DatePrecision.DAY:
        entry["dtstart"] = vDDDTypes(start.date())
        # The end of an all-day entry is the first day after it.
        entry["dtend"] = vDDDTypes(end.date() + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
    else:
        entry.add("dtstart", start)
        if end > start:
            entry.add("dtend", end)


def _description(event: Event) -> str:
    return "\n\n".join(part for part in (event.summary, page_address(event)) if part)


def _event_entry(event: Event) -> Entry:
    entry = _base(event)
    entry.add("uid", str(event.uid))
    entry.add("summary", event.title)
    entry.add("description", _description(event))
    if where := place(event):
        entry.add("location", where)
    _add_span(entry, event)
    return entry


def _session_entry(session: Session, event: Event, start: datetime) -> Entry:
    entry = _base(event)
    entry.add("uid", str(uuid.uuid5(event.uid, session.code)))
    entry["related-to"] = vText(str(event.uid))
    entry.add("summary", f"{session.title} – {event.title}")
    entry.add("description", "\n\n".join(filter(None, (session.summary, page_address(event)))))
    where = ", ".join(filter(None, (session.room, place(event))))
    if where:
        entry.add("location", where)
    entry.add("dtstart", local(start))
    if session.ends_at and session.ends_at > start:
        entry.add("dtend", local(session.ends_at))
    return entry


def for_event(event: Event) -> bytes:
    """Return the calendar file of one event whose day is known."""
    calendar = _calendar("PUBLISH")
    calendar.add_component(_event_entry(event))
    return bytes(calendar.to_ical())


def for_session(session: Session, event: Event) -> bytes:
    """Return the calendar file of one part of the programme.

    :raises ValueError: when it has no beginning.
    """
    if session.starts_at is None:
        raise ValueError(f"Session {session.pk} has no beginning.")
    calendar = _calendar("PUBLISH")
    calendar.add_component(_session_entry(session, event, session.starts_at))
    return bytes(calendar.to_ical())


def for_feed(events: Iterable[Event]) -> bytes:
    """Return a calendar to subscribe to; events without a known day are left out."""
    calendar = _calendar("PUBLISH", _("Events of Cluster-Dialog.NRW"))
    for event in events:
        if has_day(event):
            calendar.add_component(_event_entry(event))
    return bytes(calendar.to_ical())


def person_sequence(event: Event, revision: int = 0) -> str:
    """Return what fills ``%%sequence%%`` in a person's calendar mail.

    The event's number moves for everybody, ``revision`` (``Registration.calendar_revision``) with
    this person's cancellations and returns; both only grow, so the later mail always wins.
    """
    return str(event.sequence + revision)


def for_attendees(
    event: Event,
    method: str,
    *,
    programme: str = "",
    confirmed: bool = False,
    now: datetime | None = None,
) -> str:
    """Return what goes with the mail to each attendee.

    It has holes for ``to``, ``to_name`` and ``sequence`` (:func:`person_sequence`). ``method`` is
    REQUEST for an invitation or a change and CANCEL when the event is called off or somebody
    withdraws; ``programme`` is what only this person's entry says, such as the rooms of their
    workshops; ``confirmed`` is for people who have said yes and are not asked again. Returns an
    empty text when the day is not known. The attendee is added as text because delivery folds the
    lines it fills.
    """
    if not has_day(event):
        return ""
    calendar = _calendar(method)
    entry = _event_entry(event)
    entry["dtstamp"] = vDDDTypes((now or timezone.now()).astimezone(UTC))
    del entry["sequence"]
    if programme:
        entry["description"] = vText(f"{programme}\n\n{entry['description']}")
    if method == "CANCEL":
        entry["status"] = vText("CANCELLED")
    calendar.add_component(entry)
    organiser = f'ORGANIZER;CN="Cluster-Dialog.NRW":mailto:{settings.CONTACT_EMAIL}'
    answer = "PARTSTAT=ACCEPTED;RSVP=FALSE" if confirmed else "PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
    attendee = (
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;{answer};"
        f'LANGUAGE={(get_language() or "de")[:2]};CN="%%to_name%%":mailto:%%to%%'
    )
    text = bytes(calendar.to_ical()).decode()
    lines = ("SEQUENCE:%%sequence%%", organiser, attendee, "END:VEVENT")
    return text.replace("END:VEVENT", "\r\n".join(lines), 1)
