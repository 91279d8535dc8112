"""Doors for staff: calculate who goes into which workshop, look, move, publish."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from core.http import render_page
from events import access, services, tasks
from events.choices import ChoiceMode
from events.forms import PlacesForm
from events.models import Event
from events.workshops.board import Board, Guest, board_of

_FORM = ["GET", "HEAD", "POST"]
_ROWS = 25
# A room is listed in full up to so many people; the rest are found in the table of people.
_IN_ROOM = 80


@login_required
@require_safe
def assignment(request: HttpRequest, slug: str) -> HttpResponse:
    """Show wishes, the draft or the published rooms, and who got what and why."""
    event = access.get_event_for_staff(request.user, slug)
    board = board_of(event, published=request.GET.get("show") == "published")
    board.explain()
    found = _filtered(board, request)
    change = services.change_by_publishing(event=event)
    context: dict[str, Any] = {
        "event": event,
        "board": board,
        "by_wishes": event.choice_mode == ChoiceMode.WISHES,
        "page_obj": Paginator(found, _ROWS).get_page(request.GET.get("page")),
        "q": request.GET.get("q", "")[:100],
        "got": request.GET.get("got", ""),
        "in_room": _IN_ROOM,
        "change": change,
        "calculating": bool(board.draft and "calculating" in board.draft.figures),
    }
    return render_page(
        request, "events/assignment.html", "events/partials/_calculation.html", context
    )


def _filtered(board: Board, request: HttpRequest) -> list[Guest]:
    """Return the people the address asks for, those with the worst places first."""
    words, got = request.GET.get("q", "").strip().lower(), request.GET.get("got", "")
    people = [
        guest
        for guest in board.people.values()
        if words in guest.name.lower() or words in guest.cluster.lower()
    ]
    if got == "missing":
        people = [guest for guest in people if None in guest.row]
    elif got == "unwished":
        people = [guest for guest in people if guest.worst in (99, 100)]
    elif got == "not_first":
        people = [g for g in people if g.wishes and not any(s and s.rank == 1 for s in g.row)]
    elif got == "fixed":
        people = [guest for guest in people if any(s and s.is_fixed for s in guest.row)]
    return sorted(people, key=lambda guest: (-guest.worst, guest.name.lower(), guest.pk))


@login_required
@require_POST
def assignment_calculate(request: HttpRequest, slug: str) -> HttpResponse:
    """Calculate a draft, at once or, where that takes long, by a worker."""
    event = access.get_event_for_staff(request.user, slug)
    others = request.POST.get("keep") == services.Keep.OTHERS
    keep = services.Keep.OTHERS if others else services.Keep.FIXED
    user = person(request)
    try:
        if services.needs_worker(event=event, keep=keep):
            draft = services.ask_for_draft(user=user, event=event, keep=keep)
            tasks.calculate_assignment.delay_on_commit(draft.pk)  # type: ignore[attr-defined]
        else:
            services.draft_assignment(user=user, event=event, keep=keep)
            messages.success(request, _("The draft is calculated. Nobody has been told yet."))
    except DomainError as error:
        messages.error(request, error.message)
    return _back_to(request, event)


def _back_to(request: HttpRequest, event: Event) -> HttpResponse:
    """Return to the person the form was on, else to the page of all."""
    target = request.POST.get("person", "")
    if target.isdigit():
        return redirect("events:assignment-person", slug=event.slug, pk=int(target))
    return redirect("events:assignment", slug=event.slug)


@login_required
@require_http_methods(_FORM)
def assignment_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how many people are told, then publish."""
    event = access.get_event_for_staff(request.user, slug)
    back = reverse("events:assignment", args=[event.slug])
    if request.method == "POST":
        try:
            told = services.publish_assignment(user=person(request), event=event).people
        except DomainError as error:
            messages.error(request, error.message)
        else:
            text = ngettext("%(count)d person is told.", "%(count)d people are told.", told)
            messages.success(request, _("The rooms are published.") + " " + text % {"count": told})
        return redirect(back)
    change = services.change_by_publishing(event=event)
    context = {"event": event, "change": change, "cancel_url": back}
    return render(request, "events/assignment_publish.html", context)


@login_required
@require_http_methods(_FORM)
def assignment_discard(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then throw the draft away."""
    event = access.get_event_for_staff(request.user, slug)
    back = reverse("events:assignment", args=[event.slug])
    if request.method == "POST":
        act(
            request,
            lambda: services.discard_assignment(user=person(request), event=event),
            _("The draft is discarded."),
        )
        return redirect(back)
    context = {
        "title": _("Discard the draft?"),
        "text": _("Places moved by hand are lost. Published rooms stay as they are."),
        "submit_label": _("Discard the draft"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_http_methods(_FORM)
def assignment_person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one person's wishes and places, and move them by hand."""
    event, registration = access.get_registration_for_moving(request.user, slug, pk)
    board = board_of(event)
    guest = board.people.get(registration.pk)
    if guest is None:
        raise Http404
    board.explain()
    form = PlacesForm(request.POST or None, board=board, guest=guest)
    if request.method == "POST" and form.is_valid():
        try:
            services.move_person(
                user=person(request),
                event=event,
                registration=registration,
                sessions=form.sessions(),
                swaps=form.swaps(),
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Stored. The next calculation leaves these places."))
            return redirect("events:assignment-person", slug=event.slug, pk=pk)
    context = {"event": event, "board": board, "guest": guest, "form": form}
    context["wishes"] = [board.offer.title(key) for key in guest.wishes]
    status = 422 if form.errors else 200
    return render(request, "events/assignment_person.html", context, status=status)


@login_required
@require_POST
def assignment_fix(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Fix a place of the draft, or leave it to the next calculation."""
    event = access.get_event_for_staff(request.user, slug)
    fixed = request.POST.get("fixed") == "1"
    act(
        request,
        lambda: services.fix_place(user=person(request), event=event, place=pk, is_fixed=fixed),
        _("This place is fixed.") if fixed else _("The next calculation decides this place anew."),
    )
    return _back_to(request, event)


@login_required
@require_safe
def room_lists(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a list a room, each on a page of its own when printed."""
    event = access.get_event_for_staff(request.user, slug)
    board = board_of(event, published=request.GET.get("show") == "published")
    chosen = request.GET.get("session", "")
    rooms = [
        room
        for rooms in board.rooms.values()
        for room in rooms
        if not chosen or str(room.session.pk) == chosen
    ]
    return render(
        request, "events/room_lists.html", {"event": event, "board": board, "rooms": rooms}
    )
