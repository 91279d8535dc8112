"""What came of events, in numbers: of one, of all of a year, and as files."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters.models import InnovationField
from core.csv import csv_response
from events import access, dates, statistics
from events.choices import EventStatus
from events.models import Event, RetentionRecord
from events.services.retention import due_for_removal, events_with_personal_data
from events.statistics import Bar, Figures
from events.survey import results
from events.views.pages import page_of

_ROWS = 50


def _answer_bars(figures: Figures) -> list[Bar]:
    open_ones = figures.invited - figures.answered
    counted = (
        (_("Yes"), figures.yes),
        (_("Maybe"), figures.maybe),
        (_("No"), figures.no),
        (_("A colleague comes"), figures.colleague),
        (_("No answer yet"), open_ones),
    )
    return [Bar(label, number, figures.invited) for label, number in counted]


def _place_bars(figures: Figures) -> list[Bar]:
    if not figures.expected:
        return []
    return [
        Bar(_("Came"), figures.came, figures.expected),
        Bar(_("Stayed away"), figures.no_shows or 0, figures.expected),
    ]


@login_required
@require_safe
def event_figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the figures of one event, and when its personal data go."""
    event = access.get_event_for_figures(request.user, slug)
    figures = statistics.of_event(event)
    context = {
        "event": event,
        "figures": figures,
        "answer_bars": _answer_bars(figures),
        "place_bars": _place_bars(figures),
        "fields": InnovationField.objects.filter(pk__in=figures.fields).order_by("number"),
        "survey": results(event),
        "retention_until": dates.retention_until(event),
        "records": event.retention_records.all()[:20],
    }
    return render(request, "events/event_figures.html", context)


@login_required
@require_safe
def event_figures_table(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Hand out the figures of one event as a table."""
    event = access.get_event_for_figures(request.user, slug)
    values = statistics.row(statistics.of_event(event))
    labels = [label for _name, label in statistics.columns()]
    rows = [(_("Figure"), _("Number")), *zip(labels, values, strict=True)]
    return csv_response(f"{_('figures')}-{event.slug}", rows)


def _years() -> list[int]:
    held = Event.objects.filter(status=EventStatus.PUBLISHED)
    return [day.year for day in held.datetimes("starts_at", "year", order="DESC")]


def _of_year(request: HttpRequest) -> tuple[int, list[Event], dict[int, Figures]]:
    """Return the year asked for, its published events and their figures."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    year = year or timezone.localdate().year
    held: Any = Event.objects.filter(status=EventStatus.PUBLISHED, starts_at__year=year)
    rows = held.only("pk", "slug", "title_de", "title_en", "starts_at")
    events = list(rows.order_by("starts_at", "pk"))
    return year, events, statistics.of_events(events)


@login_required
@require_safe
def figures_overview(request: HttpRequest) -> HttpResponse:
    """Show the figures of a year: by quarter, and of each event."""
    access.require_staff(request.user)
    year, events, figures = _of_year(request)
    together = statistics.total(figures.values())
    context = {
        "year": year,
        "years": sorted({*_years(), year}, reverse=True),
        "columns": [label for _name, label in statistics.columns(short=True)],
        "quarters": [
            (quarter, number, statistics.row(group, short=True))
            for quarter, number, group in statistics.by_quarter(events, figures)
        ],
        "events": [(event, statistics.row(figures[event.pk], short=True)) for event in events],
        "total": statistics.row(together, short=True),
        "figures": together,
        "answer_bars": _answer_bars(together),
        "place_bars": _place_bars(together),
        "fields": InnovationField.objects.filter(pk__in=together.fields).order_by("number"),
    }
    return render(request, "events/figures_overview.html", context)


@login_required
@require_safe
def figures_table(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the figures of a year as a table, an event a line."""
    access.require_staff(request.user)
    year, events, figures = _of_year(request)
    head = [_("Event"), _("Day"), _("Quarter"), *(label for _name, label in statistics.columns())]
    rows = [
        [
            event.title,
            dates.local(event.starts_at).date().isoformat(),
            f"{year}/{statistics.quarter_of(event.starts_at)[1]}",
            *statistics.row(figures[event.pk]),
        ]
        for event in events
    ]
    return csv_response(f"{_('figures')}-{year}", [head, *rows])


@login_required
@require_safe
def retention_list(request: HttpRequest) -> HttpResponse:
    """Show staff when personal data of events go, and the log of what has gone."""
    access.require_staff(request.user)
    found: Any = events_with_personal_data()
    coming = found.order_by("retention_ends", "pk")
    records = RetentionRecord.objects.select_related("event")
    context = {
        "coming": coming[:_ROWS],
        "coming_total": coming.count(),
        "overdue": due_for_removal().count(),
        "page_obj": page_of(request, records.order_by("-done_at", "-pk"), _ROWS),
    }
    return render(request, "events/retention_list.html", context)
