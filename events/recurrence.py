"""Dates of a series: the same hour on the clock, whatever summer time does."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.dates import local


class Rhythm(models.TextChoices):
    """How a series goes on."""

    WEEKS = "weeks", _("weeks, on the same weekday")
    MONTHS = "months", _("months, on the same day of the month")
    WEEKDAYS = "weekdays", _("months, on the same weekday (such as the second Tuesday)")


def on_clock(naive: datetime) -> datetime:
    """Return a time of day as a moment; one that summer time skips comes an hour later."""
    moment = naive.replace(tzinfo=timezone.get_default_timezone())
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


def shifted(moment: datetime, old: datetime, new: datetime) -> datetime:
    """Move ``moment`` as ``old`` was moved to ``new``, counted on the wall clock."""
    by = local(new).replace(tzinfo=None) - local(old).replace(tzinfo=None)
    return on_clock(local(moment).replace(tzinfo=None) + by)


def _month_after(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def _same_day(day: date, months: int) -> date:
    """The same day of a later month; its last day where the month is too short."""
    year, month = _month_after(day, months)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _same_weekday(day: date, months: int) -> date:
    """The same weekday of a later month, counted from its beginning: the fifth is the last."""
    year, month = _month_after(day, months)
    first = date(year, month, 1)
    found = first + timedelta(days=(day.weekday() - first.weekday()) % 7 + 7 * ((day.day - 1) // 7))
    return found if found.month == month else found - timedelta(days=7)


def dates_of(start: datetime, rhythm: Rhythm, every: int, times: int) -> list[datetime]:
    """Return ``times`` beginnings after ``start``, each ``every`` weeks or months later."""
    begin = local(start)
    day = begin.date()
    steps = {
        Rhythm.WEEKS: lambda number: day + timedelta(weeks=every * number),
        Rhythm.MONTHS: lambda number: _same_day(day, every * number),
        Rhythm.WEEKDAYS: lambda number: _same_weekday(day, every * number),
    }
    clock = begin.time().replace(tzinfo=None)
    return [
        on_clock(datetime.combine(steps[rhythm](number), clock)) for number in range(1, times + 1)
    ]
