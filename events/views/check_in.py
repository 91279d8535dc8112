"""Doors at the door: the ticket, the list, marks from devices, walk-ins."""

import uuid
from typing import Any

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import person
from core.errors import DomainError
from events import access, door_list, qr, services, tokens
from events.choices import ParticipantGroup, RegistrationState
from events.forms import MarkForm, WalkInForm, age_of
from events.models import Event
from events.views.pages import page_of

_ROWS = 50
_MOST_AT_ONCE = 200
# The camera is for this page only; everything else stays off.
_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


@never_cache
@require_safe
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose ticket this is; whoever stands at the door gets the button to let them in."""
    registration = access.get_registration_by_ticket(token)
    event = registration.event
    at_door = access.can_check_in(request.user, event)
    context = {
        "registration": registration,
        "event": event,
        "token": token,
        "at_door": at_door,
        "attended": registration.state == RegistrationState.ATTENDED,
        "refusal": services.refusal(registration),
        "is_open": services.check_in_is_open(event),
        "qr": qr.qr_svg(tokens.ticket_url(registration.pk, registration.language)),
    }
    template = "events/ticket_at_door.html" if at_door else "events/ticket.html"
    response = render(request, template, context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@login_required
@require_safe
def check_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the list to search and mark; a script takes over where there is one."""
    event = access.get_event_for_check_in(request.user, slug)
    words = request.GET.get("q", "").strip()[:100]
    rows: Any = event.registrations.active().select_related("cluster").order_by("name", "pk")
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(cluster__name__icontains=words)
    context = {
        "event": event,
        "q": words,
        "counts": door_list.counts(event),
        "page_obj": page_of(request, rows, _ROWS),
        "is_open": services.check_in_is_open(event),
        "opens_at": services.opens_at(event),
        "until": door_list.kept_until(event),
        "form": _walk_in_form(),
        "texts": _texts(),
    }
    response = render(request, "events/check_in.html", context)
    response.headers["Permissions-Policy"] = _POLICY
    return response


def _walk_in_form() -> WalkInForm:
    return WalkInForm(initial={"id": uuid.uuid4()})


@login_required
@require_POST
def check_in_person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Mark one person, or take the mark back: the button of pages without script."""
    registration = access.get_registration_for_check_in(request.user, slug, pk)
    name = registration.name or registration.email
    here = request.POST.get("is_present") == "1"
    try:
        services.check_in(
            user=person(request),
            registration=registration,
            is_present=here,
            admit=request.POST.get("admit") == "1",
        )
    except DomainError as error:
        messages.error(request, error.message)
        if error.code == "refused":
            return redirect("events:ticket", token=tokens.make_ticket_token(registration.pk))
    else:
        done = _("%(name)s is checked in.") if here else _("%(name)s is not checked in any more.")
        messages.success(request, done % {"name": name})
    return redirect(_way_back(request, slug))


def _way_back(request: HttpRequest, slug: str) -> str:
    way = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(way, allowed_hosts={request.get_host()}):
        return way
    return reverse("events:check-in", args=[slug])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Register somebody who is at the door and mark them as present."""
    event = access.get_event_for_check_in(request.user, slug)
    form = WalkInForm(request.POST) if request.method == "POST" else _walk_in_form()
    if request.method == "POST" and form.is_valid():
        try:
            found = services.add_walk_in(
                user=person(request), event=event, guest=services.WalkIn(**form.cleaned_data)
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("%(name)s is checked in.") % {"name": found.name})
            return redirect("events:check-in", slug=slug)
    context = {"event": event, "form": form, "is_open": services.check_in_is_open(event)}
    return render(request, "events/walk_in.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_sync(request: HttpRequest, slug: str) -> JsonResponse:
    """Tell a device what is new; take the marks and walk-ins it has made meanwhile.

    Answers 401 to who is not signed in (any more): the device then forgets the names.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"message": _("Please sign in.")}, status=401)
    event = access.get_event_for_check_in(request.user, slug)
    since, answer = request.GET.get("since", ""), {}
    if request.method == "POST":
        try:
            answer = _take(request, event)
        except DomainError as error:
            return JsonResponse({"message": error.message, "code": error.code}, status=422)
    fresh = door_list.cursor()
    listed = door_list.people(event, door_list.read_cursor(since))
    return JsonResponse({**answer, "cursor": fresh, "people": listed, "csrf": get_token(request)})


def _take(request: HttpRequest, event: Event) -> dict[str, Any]:
    """Store what a device sends; each mark and walk-in is answered by itself."""
    sent = _body(request)
    marks, outcomes = [], []
    for row in sent.get("marks", [])[:_MOST_AT_ONCE]:
        form = MarkForm(row if isinstance(row, dict) else {})
        if form.is_valid():
            age = age_of(row.get("marked_at"), sent.get("sent_at"))
            marks.append(services.Mark(**form.cleaned_data, age=age))
    if marks:
        found = services.store_marks(user=person(request), event=event, marks=marks)
        outcomes = [vars(outcome) for outcome in found]
    guests = [_take_walk_in(request, event, row, sent) for row in sent.get("walk_ins", [])[:20]]
    return {"outcomes": outcomes, "walk_ins": guests}


def _take_walk_in(
    request: HttpRequest, event: Event, row: Any, sent: dict[str, Any]
) -> dict[str, Any]:
    row = row if isinstance(row, dict) else {}
    form = WalkInForm(row)
    if not form.is_valid():
        problems = [str(text) for texts in form.errors.values() for text in texts]
        return {"id": row.get("id"), "outcome": "refused", "message": " ".join(problems)}
    age = age_of(row.get("marked_at"), sent.get("sent_at"))
    guest = services.WalkIn(**form.cleaned_data, age=age)
    stored = services.add_walk_in(user=person(request), event=event, guest=guest)
    return {"id": row["id"], "outcome": "stored", "registration": stored.pk}


def _body(request: HttpRequest) -> dict[str, Any]:
    """:raises DomainError: when the device does not send what we understand."""
    try:
        sent = orjson.loads(request.body)
        if isinstance(sent["marks"], list) and isinstance(sent.get("walk_ins", []), list):
            return dict(sent)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        pass
    raise DomainError(_("This could not be read. Please reload the page."), code="malformed")


@never_cache
@login_required
@require_safe
def check_in_worker(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the script that opens the check-in page of this event without network.

    It lies below the page, so the browser lets it see nothing but this page.
    """
    event = access.get_event_for_check_in(request.user, slug)
    return render(
        request, "events/check_in_worker.js", {"event": event}, content_type="text/javascript"
    )


def _texts() -> dict[str, Any]:
    """Return the sentences the script says, in the language of the page."""
    return {
        "waits": [
            _("1 mark waits for the network."),
            _("{n} marks wait for the network."),
        ],
        "saved": _("Everything is saved."),
        "offline": _("No network. You can go on: the list is on this device."),
        "signedOut": _(
            "You are signed out. The names have been removed from this device; marks that wait"
            " are sent after you sign in again."
        ),
        "checkIn": _("Check in"),
        "undo": _("Take back"),
        "here": _("here since {time}"),
        "isHere": _("{name} is checked in."),
        "already": _("{name} was checked in at {time} already."),
        "notOnList": _("This ticket is not on the list of this event."),
        "more": _("{n} more. Please type more of the name."),
        "none": _("Nobody on the list has this name."),
        "admit": _("Let in"),
        "states": dict(RegistrationState.choices),
        "groups": dict(ParticipantGroup.choices),
        "forgetUnsent": _("{n} marks have not been sent yet and would be lost. Go on?"),
        "forgotten": _("The list is no longer on this device."),
        "full": _("This device has no room for the list: do not reload without network."),
        "point": _("Point the camera at the QR code of the ticket."),
        "noCamera": _("The camera cannot be used. Please allow it in the browser, or search."),
        "refused": _("{name} holds no place ({state}). Let them in all the same?"),
        "close": _("Close"),
    }
