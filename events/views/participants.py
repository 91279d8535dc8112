"""Doors to the list of participants and to its files."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.csv import csv_response
from core.xlsx import xlsx_response
from events import access, exports
from events.models import Event
from events.views.pages import page_of

_ROWS = 200

_TABLES = {
    "registrations": exports.registration_table,
    "participants": exports.participant_table,
}


@never_cache
@login_required
@require_safe
def participant_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show participants those who agreed to be listed, and staff everybody."""
    event = access.get_event_for_participants(request.user, slug)
    everybody = bool(request.user.is_staff)
    context = _page(request, event, everybody=everybody)
    return render(request, "events/participant_list.html", context)


@never_cache
@require_safe
def participant_list_by_token(request: HttpRequest, token: str) -> HttpResponse:
    """Show the same to a participant without account; the link in the mail is the key."""
    registration = access.get_registration_for_participants(token)
    context = {**_page(request, registration.event, everybody=False), "token": token}
    response = render(request, "events/participant_list_by_token.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(request: HttpRequest, event: Event, *, everybody: bool) -> dict[str, object]:
    page = page_of(request, exports.listed(event, everybody=everybody), _ROWS)
    return {
        "event": event,
        "everybody": everybody,
        "page_obj": page,
        "groups": exports.grouped(page.object_list),
    }


@never_cache
@login_required
@require_safe
def event_export(request: HttpRequest, slug: str, table: str, ending: str) -> HttpResponseBase:
    """Send all registrations or the participants as a table for spreadsheet programs."""
    event = access.get_event_for_staff(request.user, slug)
    if table not in _TABLES or ending not in {"csv", "xlsx"}:
        raise Http404
    name, rows = f"{event.slug}-{table}", _TABLES[table](event)
    if ending == "csv":
        return csv_response(name, rows)
    return xlsx_response(name, rows, title=_("Registrations"))
