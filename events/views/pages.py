"""Public pages: the list of events and the event itself."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import render_page
from events import access, dates, listing, timetable
from events.filters import EventFilter
from events.models import Registration
from events.querysets.registration import TAKING_A_PLACE

PAGE_SIZE = 20


def page_of(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """Return the page of ``rows`` the address asks for; the nearest one for nonsense."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Show coming or past events by month, or all of one month as a calendar."""
    as_month = request.GET.get("view") == "month"
    query = request.GET.copy()
    query["when"] = "past" if query.get("when") == "past" else "upcoming"
    if as_month:
        del query["when"]
    visible: Any = access.visible_events(request.user)
    filterset = EventFilter(query, queryset=visible, request=request)
    found: Any = filterset.qs
    kept = request.GET.copy()
    for name in ("page", "view", "when", "month"):
        kept.pop(name, None)
    context: dict[str, Any] = {
        "filter": filterset,
        "chips": listing.chips(filterset, request.GET),
        "when": query.get("when", ""),
        "kept": f"&{kept.urlencode()}" if kept else "",
        "may_propose": access.can_propose(request.user),
        "crumbs": [(_("Events"), "")],
    }
    if as_month:
        first = listing.read_month(request.GET.get("month", ""))
        shown = found.in_month(first).with_card_data()
        context["month"] = listing.month_grid(first, shown)
    else:
        context["page_obj"] = page_of(request, found.with_card_data())
        context["groups"] = listing.by_month(context["page_obj"])
    return render_page(request, "events/event_list.html", "events/partials/_results.html", context)


@require_safe
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one event with its programme, and to people signed in their own part in it."""
    event = access.get_event_for_reading(request.user, slug)
    registration = None
    if request.user.is_authenticated:
        own: Any = Registration.objects.of_user(request.user)
        registration = own.active().filter(event=event).first()
    days = timetable.build(event.sessions.all())
    context = {
        "crumbs": [(_("Events"), reverse("events:event-list")), (event.title, "")],
        "event": event,
        "days": days,
        "several_days": len(days) > 1,
        "registration": registration,
        "takes_part": registration is not None and registration.state in TAKING_A_PLACE,
        "places_left": event.free_places(),
        "can_edit": access.can_edit(request.user, event),
        "can_register": access.can_register(event),
        "has_day": dates.has_day(event),
        "is_over": dates.is_over(event),
    }
    return render(request, "events/event_detail.html", context)
