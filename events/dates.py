"""Dates of events, told as exactly as they are known and no more."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.choices import DatePrecision

if TYPE_CHECKING:
    from events.models import Event, Session

# The order of day, month and year belongs to the language, not to its catalogue of messages.
_DAY = {"de": "j. F Y", "en": "j F Y"}
_DAY_OF_MONTH = {"de": "j.", "en": "j"}
_TIME = {"de": "H:i", "en": "H:i"}


def _language() -> str:
    return "en" if (get_language() or "de").startswith("en") else "de"


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def day(moment: datetime) -> str:
    """Return the day in words, such as ``26. Mai 2020``."""
    return date_format(local(moment), _DAY[_language()])


def weekday_and_day(moment: datetime) -> str:
    """Return ``Dienstag, 26. Mai 2020``."""
    return date_format(local(moment), f"l, {_DAY[_language()]}")


def clock(moment: datetime) -> str:
    """Return the time of day without a word for hour, such as ``14:00``."""
    return date_format(local(moment), _TIME[_language()])


def _with_hour(text: str) -> str:
    return f"{text} Uhr" if _language() == "de" else text


def moment(at: datetime) -> str:
    """Return day and time, such as ``Dienstag, 26. Mai 2020, 14:00 Uhr``."""
    return f"{weekday_and_day(at)}, {_with_hour(clock(at))}"


def days(start: datetime, end: datetime | None) -> str:
    """Return a day or a span of days, shortened within a month: ``4.–6. Mai 2027``."""
    first, last = local(start), local(end or start)
    if first.date() >= last.date():
        return day(start)
    if (first.year, first.month) == (last.year, last.month):
        return f"{date_format(first, _DAY_OF_MONTH[_language()])}–{day(last)}"
    return f"{day(first)} – {day(last)}"


def when(event: Event) -> str:
    """Return when the event takes place, in the active language."""
    start, end = event.starts_at, event.ends_at
    match event.date_precision:
        case DatePrecision.YEAR:
            first, last = local(start).year, local(end or start).year
            return str(first) if first == last else f"{first}–{last}"
        case DatePrecision.MONTH:
            first_month = date_format(local(start), "F Y")
            last_month = date_format(local(end or start), "F Y")
            return first_month if first_month == last_month else f"{first_month} – {last_month}"
        case DatePrecision.DAY:
            return days(start, end)
    if end is None or end == start:
        return f"{day(start)}, {_with_hour(clock(start))}"
    if local(start).date() == local(end).date():
        return f"{day(start)}, {_with_hour(f'{clock(start)}–{clock(end)}')}"
    return f"{day(start)}, {_with_hour(clock(start))} – {day(end)}, {_with_hour(clock(end))}"


def precision_note(event: Event) -> str:
    """Return a sentence about what is not known of the date; empty when the day is known."""
    if event.date_precision == DatePrecision.MONTH:
        return _("Only the month is known.")
    if event.date_precision == DatePrecision.YEAR:
        return _("Only the year is known.")
    return ""


def machine_date(event: Event) -> str:
    """Return the start for ``<time datetime>``, cut to what is known."""
    start = local(event.starts_at)
    patterns = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    pattern = patterns.get(event.date_precision)
    return start.strftime(pattern) if pattern else start.isoformat(timespec="minutes")


def session_time(session: Session) -> str:
    """Return when a session takes place; empty when no time of it is known."""
    if session.starts_at and session.ends_at:
        return _with_hour(f"{clock(session.starts_at)}–{clock(session.ends_at)}")
    if session.starts_at:
        return _("from %(time)s") % {"time": _with_hour(clock(session.starts_at))}
    if session.ends_at:
        return _("until %(time)s") % {"time": _with_hour(clock(session.ends_at))}
    return ""


def over_at(event: Event) -> datetime:
    """Return the moment from which the event is past, as ``EventQuerySet.with_end`` does."""
    if event.date_precision == DatePrecision.TIME and event.ends_at:
        return event.ends_at
    last = local(event.ends_at or event.starts_at).date()
    if event.date_precision == DatePrecision.YEAR:
        following = last.replace(year=last.year + 1, month=1, day=1)
    elif event.date_precision == DatePrecision.MONTH:
        following = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    else:
        following = last + timedelta(days=1)
    return timezone.make_aware(datetime.combine(following, time.min))


def survey_is_open(event: Event) -> bool:
    """Tell whether the survey may be answered: from the event's beginning until its last day."""
    if event.status != "published" or event.anonymised_at is not None:
        return False
    now = timezone.now()
    return event.starts_at <= now and (event.survey_until is None or now <= event.survey_until)


def months_after(day: date, months: int) -> date:
    """Return the same day some months later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def retention_until(event: Event) -> date:
    """Return the day on which the personal data of the event are removed.

    Counted from the moment the event is over; the same as ``EventQuerySet.with_retention``.
    """
    return months_after(local(over_at(event)).date(), event.retention_months)


def is_over(event: Event) -> bool:
    return over_at(event) <= timezone.now()


def is_running(event: Event) -> bool:
    """Tell whether the event has begun and is not over."""
    return event.starts_at <= timezone.now() and not is_over(event)


def has_day(event: Event) -> bool:
    """Tell whether the day is known, so that the event fits into a calendar."""
    return event.date_precision in (DatePrecision.TIME, DatePrecision.DAY)
