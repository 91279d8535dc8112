"""Doors for staff: who is in which session, and who waits for it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters.views.shared import act, person
from events import access, services
from events.choices import PlaceState, SessionPart
from events.models import SessionPlace


@login_required
@require_safe
def session_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sessions people choose, how full they are, and their waiting lists."""
    event = access.get_event_for_staff(request.user, slug)
    places: Any = SessionPlace.objects.filter(session__event=event)
    waiting = places.exclude(state=PlaceState.HELD).with_position().select_related("registration")
    taken = Q(places__state__in=(PlaceState.HELD, PlaceState.OFFERED))
    sessions: Any = event.sessions.filter(part=SessionPart.PARALLEL).annotate(
        taken=Count("places", filter=taken)
    )
    context = {
        "event": event,
        "sessions": sessions.prefetch_related(
            Prefetch("places", waiting.order_by("waiting_since", "pk"), to_attr="waiting_places")
        ).order_by("run", "track", "position", "pk"),
    }
    return render(request, "events/session_list.html", context)


@login_required
@require_POST
def session_place_pass(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Offer a place in a session to somebody who waits, or give it at once."""
    user = person(request)
    event = access.get_event_for_staff(user, slug)
    place = get_object_or_404(SessionPlace.objects.filter(session__event=event), pk=pk)
    at_once = request.POST.get("do") != "offer"
    act(
        request,
        lambda: services.pass_session_place(user=user, place=place, at_once=at_once),
        _("Done. A mail is on its way."),
    )
    return redirect("events:session-list", slug=slug)
