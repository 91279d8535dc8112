"""Meetings as calendar files (RFC 5545): one entry in mails, single ones to download."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from events.calendars import PRODUCT, attendee_line, organiser_line, place
from matching.meetings.words import cluster_of, name_of
from matching.models import Meeting, MeetingParticipant, MeetingPlan

_FORMAT = "%Y%m%dT%H%M%SZ"


def stamp(moment: datetime) -> str:
    """Return a moment as iCalendar writes it, in UTC."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def where(plan: MeetingPlan) -> str:
    """Return where the tables are, in one line."""
    return ", ".join(filter(None, (plan.place, place(plan.event))))


def for_mails(plan: MeetingPlan, method: str) -> str:
    """Return what goes with the mail to each participant, in the active language.

    One entry spans all meetings of a person and names them, because a mail carries one entry
    (RFC 5546, 3.2.2). It has the holes ``uid``, ``sequence``, ``start``, ``end`` and ``meetings``.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    entry = Entry()
    entry.add("dtstamp", timezone.now().astimezone(UTC))
    entry.add("summary", _("1:1 meetings: %(event)s") % {"event": plan.event.title})
    if where(plan):
        entry.add("location", where(plan))
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    calendar.add_component(entry)
    lines = (
        "UID:%%uid%%",
        "SEQUENCE:%%sequence%%",
        "DTSTART:%%start%%",
        "DTEND:%%end%%",
        *(() if method == "CANCEL" else ("DESCRIPTION:%%meetings%%",)),
        organiser_line(),
        attendee_line(method, True),
        "END:VEVENT",
    )
    text = bytes(calendar.to_ical()).decode()
    return text.replace("END:VEVENT", "\r\n".join(lines), 1)


def for_download(plan: MeetingPlan, me: MeetingParticipant, meetings: Iterable[Meeting]) -> bytes:
    """Return a person's meetings as they know them, an entry each."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for meeting in meetings:
        if meeting.told_start is None or meeting.told_end is None:
            continue
        partner = meeting.second if meeting.first_id == me.pk else meeting.first
        entry = Entry()
        entry.add("uid", str(meeting.uid))
        entry.add("sequence", meeting.sequence)
        entry.add("dtstamp", meeting.updated_at.astimezone(UTC))
        entry.add("dtstart", meeting.told_start.astimezone(UTC))
        entry.add("dtend", meeting.told_end.astimezone(UTC))
        entry.add("summary", _("Meeting with %(name)s") % {"name": name_of(partner)})
        words = filter(None, (cluster_of(partner), partner.introduction))
        entry.add("description", "\n\n".join(words))
        table = _("table %(table)d") % {"table": meeting.told_table}
        entry.add("location", ", ".join(filter(None, (table, where(plan)))))
        entry.add("status", "CONFIRMED")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
