"""The programme of an event on a page of its own, for printing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import access


@require_safe
def event_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the programme to whoever may read the event."""
    event = access.get_event_for_reading(request.user, slug)
    crumbs = [
        (_("Events"), reverse("events:event-list")),
        (event.title, event.get_absolute_url()),
        (_("Programme"), ""),
    ]
    return render(request, "events/event_programme.html", {"event": event, "crumbs": crumbs})
