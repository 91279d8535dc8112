"""Events as pages list them: by month, in the grid of a month, narrowed by shown filters."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format

from events.choices import DatePrecision
from events.dates import has_day, local

if TYPE_CHECKING:
    from django.http import QueryDict

    from events.filters import EventFilter
    from events.models import Event

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SHOWN_AS_CHIPS = (
    "kind",
    "format",
    "field",
    "topic",
    "region",
    "district",
    "phase",
    "starts_after",
    "starts_before",
)


@dataclass
class GridDay:
    """One day of the month's grid; days of the neighbouring months are shown empty."""

    date: date
    in_month: bool
    events: list[Event] = field(default_factory=list)


@dataclass
class Month:
    """A month as a grid of weeks, and its events of which the day is not known."""

    first: date
    weeks: list[list[GridDay]]
    without_day: list[Event]

    @property
    def previous(self) -> str:
        return (self.first - timedelta(days=1)).strftime("%Y-%m")

    @property
    def following(self) -> str:
        return (self.first + timedelta(days=31)).strftime("%Y-%m")

    @property
    def days_with_events(self) -> list[GridDay]:
        return [day for week in self.weeks for day in week if day.in_month and day.events]


def read_month(text: str) -> date:
    """Return the first day of a month written ``2027-05``; this month for anything else."""
    year, _, month = text.partition("-")
    if year.isdecimal() and month.isdecimal():
        number = int(month)
        if _FIRST_YEAR <= int(year) <= _LAST_YEAR and 1 <= number <= 12:
            return date(int(year), number, 1)
    return timezone.localdate().replace(day=1)


def month_grid(first: date, events: Iterable[Event]) -> Month:
    """Arrange events in the weeks of the month that begins on ``first``."""
    weeks = [
        [GridDay(day, day.month == first.month) for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week if day.in_month}
    without_day = []
    for event in events:
        if not has_day(event):
            without_day.append(event)
            continue
        day = local(event.starts_at).date()
        last = local(event.ends_at or event.starts_at).date()
        day = max(day, first)
        while day <= last and day in days:
            days[day].events.append(event)
            day += timedelta(days=1)
    return Month(first, weeks, without_day)


def by_month(events: Iterable[Event]) -> list[tuple[str, list[Event]]]:
    """Group events in their order under ``Mai 2027``, or the year where only that is known."""

    def heading(event: Event) -> str:
        if event.date_precision == DatePrecision.YEAR:
            return str(local(event.starts_at).year)
        return date_format(local(event.starts_at), "F Y")

    return [(label, list(group)) for label, group in groupby(events, heading)]


def chips(filterset: EventFilter, query: QueryDict) -> list[tuple[str, str]]:
    """Return the active filters as (label, address without this filter)."""
    found = []
    for name in _SHOWN_AS_CHIPS:
        bound = filterset.form[name]
        labels = {str(value): str(label) for value, label in _choices(bound.field)}
        for value in query.getlist(name):
            if not value or name in filterset.form.errors:
                continue
            rest = query.copy()
            rest.setlist(name, [other for other in query.getlist(name) if other != value])
            rest.pop("page", None)
            text = labels.get(value, value)
            label = text if labels else f"{bound.label}: {text}"
            found.append((label, f"?{rest.urlencode()}"))
    return found


def _choices(form_field: Any) -> Iterable[tuple[Any, Any]]:
    return getattr(form_field, "choices", ())
