"""Reading minutes: in the portal, or by the link in the mail without signing in."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import access
from events.views.documents import hand_out


@require_safe
def minutes_read(request: HttpRequest, slug: str) -> HttpResponse:
    """Show published minutes as far as the reader may see them."""
    event, items = access.get_minutes_for_reading(request.user, slug)
    context = {
        "event": event,
        "items": items,
        "documents": event.documents.visible_to(request.user).select_related("session"),
        "may_write": access.can_edit_minutes(request.user, event),
        "crumbs": [
            (_("Events"), reverse("events:event-list")),
            (event.title, event.get_absolute_url()),
            (_("Minutes"), ""),
        ],
    }
    return render(request, "events/minutes_read.html", context)


@never_cache
@require_safe
def minutes_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show published minutes and documents to whoever has the link of a participant."""
    registration = access.get_registration_for_reading(token)
    event = registration.event
    context = {
        "event": event,
        "items": event.minutes.for_participants().with_row_data().in_reading_order(),
        "documents": event.documents.for_participants().select_related("session"),
        "token": token,
    }
    response = render(request, "events/minutes_read.html", context)
    # The address is as good as a key.
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_safe
def document_link(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    """Hand a document to whoever has the link of a participant."""
    return hand_out(access.get_document_for_participant(token, pk))
