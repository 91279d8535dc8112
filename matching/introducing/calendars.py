"""Dates for a talk as calendar files (RFC 5545).

The method is PUBLISH, for proposals and for fixed dates: the portal takes no part in the talk, so
an answer to it (REQUEST) would reach nobody.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, vUri
from icalendar import Event as Entry

from matching.models import Appointment, Introduction

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
_PRODUCT: Final = "-//Cluster-Dialog.NRW//Introductions//EN"


def appointments_calendar(introduction: Introduction, dates: Sequence[Appointment]) -> str:
    """Return dates of a talk as one calendar; proposals are tentative. Empty without dates."""
    if not dates:
        return ""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for date in dates:
        calendar.add_component(_entry(introduction, date))
    return bytes(calendar.to_ical()).decode()


def _entry(introduction: Introduction, date: Appointment) -> Entry:
    both = {"asker": introduction.asker.name, "partner": introduction.partner.name}
    entry = Entry()
    entry.add("uid", str(date.uid))
    entry.add("dtstamp", (date.confirmed_at or date.created_at).astimezone(UTC))
    entry.add("dtstart", date.starts_at.astimezone(UTC))
    entry.add("dtend", date.ends_at.astimezone(UTC))
    entry.add("sequence", 1 if date.confirmed_at else 0)
    if date.confirmed_at:
        entry.add("summary", _("Talk: %(asker)s and %(partner)s") % both)
        entry.add("status", "CONFIRMED")
    else:
        entry.add("summary", _("Proposed: talk of %(asker)s and %(partner)s") % both)
        entry.add("status", "TENTATIVE")
        # Outlook looks here, not at STATUS.
        entry.add("x-microsoft-cdo-busystatus", "TENTATIVE")
    if date.place:
        entry.add("location", date.place)
    entry["url"] = vUri(f"{settings.BASE_URL}{introduction.get_absolute_url()}")
    return entry


def dates_to_show(introduction: Introduction) -> list[Appointment]:
    """Return the fixed date alone, or all that are proposed."""
    dates = list(introduction.appointments.all())
    return [date for date in dates if date.confirmed_at] or dates
