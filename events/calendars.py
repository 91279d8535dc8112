"""Events as calendar files (RFC 5545), for download, for feeds and for invitations."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, vDDDTypes, vText, vUri
from icalendar import Event as Entry

from events.choices import DatePrecision, EventFormat, EventStatus
from events.dates import has_day, local
from events.querysets.registration import TAKING_A_PLACE
from events.tokens import answer_url, registration_url
from topics.querysets import PUBLIC_STATUSES as PUBLIC_TOPICS

if TYPE_CHECKING:
    from events.models import Event, Invitation, Registration, Session

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
    topics = [str(topic) for topic in event.topics.all() if topic.status in PUBLIC_TOPICS]
    return [str(event.get_kind_display()), *fields, *topics]


def _base(event: Event, *, tentative: bool = False, revision: int = 0) -> Entry:
    entry = Entry()
    entry.add("dtstamp", event.updated_at)
    entry.add("created", event.created_at)
    entry.add("last-modified", event.updated_at)
    entry.add("sequence", event.sequence + revision)
    entry.add("categories", _categories(event))
    entry["url"] = vUri(page_address(event))
    if event.status == EventStatus.CANCELLED:
        entry.add("status", "CANCELLED")
    elif tentative:
        entry.add("status", "TENTATIVE")
        # Outlook looks here, not at STATUS.
        entry.add("x-microsoft-cdo-busystatus", "TENTATIVE")
    else:
        entry.add("status", "CONFIRMED")
    return entry


def _add_span(entry: Entry, event: Event) -> None:
    start, end = local(event.starts_at), local(event.ends_at or event.starts_at)
    if event.date_precision == DatePrecision.DAY:
        entry["dtstart"] = vDDDTypes(start.date())
        # The end of an all-day entry is the first day after it.
        entry["dtend"] = vDDDTypes(end.date() + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
        entry.add("x-microsoft-cdo-alldayevent", "TRUE")
    else:
        entry.add("dtstart", start)
        if end > start:
            entry.add("dtend", end)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _event_entry(
    event: Event, *, words: str = "", online: str = "", tentative: bool = False, revision: int = 0
) -> Entry:
    """Return the entry of an event; ``words`` are what only one person's entry says.

    ``online`` is the link for taking part: it must come only into what registered people get.
    """
    entry = _base(event, tentative=tentative, revision=revision)
    entry.add("uid", str(event.uid))
    entry.add("summary", event.title)
    entry.add("description", _paragraphs(words, event.summary, page_address(event)))
    if where := place(event) or (online if event.format == EventFormat.ONLINE else ""):
        entry.add("location", where)
    if online:
        _add_link(entry, online)
    _add_span(entry, event)
    return entry


def _add_link(entry: Entry, link: str) -> None:
    """Let programs offer a button for joining (RFC 7986)."""
    entry.add("conference", vUri(link), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})


def session_uid(session: Session, event: Event) -> uuid.UUID:
    """Return what calendar programs know a part of the programme by, for ever."""
    return uuid.uuid5(event.uid, session.code)


def _session_entry(
    session: Session, event: Event, start: datetime, *, online: str = "", revision: int = 0
) -> Entry:
    entry = _base(event, revision=revision)
    entry.add("uid", str(session_uid(session, event)))
    entry["related-to"] = vText(str(event.uid))
    entry.add("summary", f"{session.title} – {event.title}")
    words = _("Take part online: %(link)s") % {"link": online} if online else ""
    entry.add("description", _paragraphs(words, session.summary, page_address(event)))
    where = ", ".join(filter(None, (session.room, place(event))))
    if where:
        entry.add("location", where)
    if online:
        _add_link(entry, online)
    entry.add("dtstart", local(start))
    if session.ends_at and session.ends_at > start:
        entry.add("dtend", local(session.ends_at))
    return entry


def online_words(event: Event, link: str, hub: str) -> str:
    """Return how a registered person takes part online: by ``link``, or from their page."""
    if not event.online_url and event.format not in (EventFormat.ONLINE, EventFormat.HYBRID):
        return ""
    if link:
        return _("Take part online: %(link)s") % {"link": link}
    return _("The link for taking part online is on your page: %(link)s") % {"link": hub}


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


def _own_entries(
    registration: Registration, sessions: Sequence[Session], language: str, *, link_is_open: bool
) -> list[Entry]:
    """Return a registered person's entries: the event, and the parts they have a place in."""
    event = registration.event
    takes_part = registration.state in TAKING_A_PLACE
    hub = registration_url(registration.pk, language)
    show_link = link_is_open and takes_part
    online = event.online_url if show_link else ""
    if takes_part:
        words = _paragraphs(
            _("Your registration: %(link)s") % {"link": hub}, online_words(event, online, hub)
        )
    else:
        state = registration.get_state_display()
        words = _("You have no place yet (%(state)s): %(link)s") % {"state": state, "link": hub}
    revision = registration.calendar_revision
    entries = [
        _event_entry(event, words=words, online=online, tentative=not takes_part, revision=revision)
    ]
    for session in sessions if takes_part else ():
        if session.starts_at is not None:
            link = session.online_url if show_link else ""
            entries.append(
                _session_entry(session, event, session.starts_at, online=link, revision=revision)
            )
    return entries


def for_registration(
    registration: Registration, sessions: Sequence[Session], *, link_is_open: bool
) -> bytes:
    """Return one person's programme: the event, and the parts they have a place in.

    ``link_is_open``: people who take part may see the links for taking part online by now.
    """
    calendar = _calendar("PUBLISH")
    language = registration.language
    for entry in _own_entries(registration, sessions, language, link_is_open=link_is_open):
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def for_person(
    registrations: Iterable[tuple[Registration, Sequence[Session], bool]],
    invitations: Iterable[Invitation],
    language: str,
) -> bytes:
    """Return a person's own calendar: registrations with their sessions, and open invitations.

    Each registration comes with whether its links for taking part online are open.
    """
    calendar = _calendar("PUBLISH", _("My events at Cluster-Dialog.NRW"))
    for registration, sessions, link_is_open in registrations:
        for entry in _own_entries(registration, sessions, language, link_is_open=link_is_open):
            calendar.add_component(entry)
    for invitation in invitations:
        link = answer_url(invitation.pk, language)
        words = (
            _("You have answered “maybe”. Your answer can be changed: %(link)s")
            if invitation.answer
            else _("You are invited. Please answer here: %(link)s")
        )
        entry = _event_entry(invitation.event, words=words % {"link": link}, tentative=True)
        calendar.add_component(entry)
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
    online: str = "",
    now: datetime | None = None,
) -> str:
    """Return what goes with the mail to each attendee.

    It has holes for ``to``, ``to_name``, ``to_tag`` and ``sequence`` (:func:`person_sequence`).
    ``method`` is REQUEST for an invitation or a change and CANCEL when the event is called off or
    somebody withdraws; ``programme`` is what only this person's entry says, such as the rooms of
    their workshops or how they take part online (:func:`online_words`); ``confirmed`` is for
    people who have said yes and are not asked again, and only theirs may get the link ``online``.
    Returns an empty text when the day is not known. The attendee is added as text because
    delivery folds the lines it fills.
    """
    if not has_day(event):
        return ""
    calendar = _calendar(method)
    entry = _event_entry(event, words=programme, online=online if confirmed else "")
    entry["dtstamp"] = vDDDTypes((now or timezone.now()).astimezone(UTC))
    del entry["sequence"]
    if method == "CANCEL":
        # Also where only this person withdraws: each gets an object of their own, in which the
        # event is off. RFC 5546 would leave STATUS out then, and calendars keep the entry.
        entry["status"] = vText("CANCELLED")
    calendar.add_component(entry)
    text = bytes(calendar.to_ical()).decode()
    lines = (
        "SEQUENCE:%%sequence%%",
        organiser_line(),
        attendee_line(method, confirmed),
        "END:VEVENT",
    )
    return text.replace("END:VEVENT", "\r\n".join(lines), 1)


def organiser_line() -> str:
    """Return whom calendar programs answer to; the tag proves that an answer knows our mail."""
    address = settings.CALENDAR_REPLY_ADDRESS.replace("*", "%%to_tag%%")
    return f'ORGANIZER;CN="Cluster-Dialog.NRW":mailto:{address}'


def attendee_line(method: str, confirmed: bool) -> str:
    asked = "PARTSTAT=ACCEPTED;RSVP=FALSE;" if confirmed else "PARTSTAT=NEEDS-ACTION;RSVP=TRUE;"
    language = (get_language() or "de")[:2]
    return (
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
        f'{"" if method == "CANCEL" else asked}LANGUAGE={language};CN="%%to_name%%":mailto:%%to%%'
    )
