"""Doors for staff: one participant, one meeting; move, add, lock, remove."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clusters.views.shared import act, person
from core.errors import DomainError
from matching import access, services
from matching.forms import AddForm, MoveForm
from matching.meetings.board import Board
from matching.meetings.words import name_of, slot_time

_FORM = ["GET", "HEAD", "POST"]


def _show_error(form: Any, error: DomainError) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


@login_required
@require_http_methods(_FORM)
def meeting_person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what one participant got and missed, and give them a meeting by hand."""
    participant = access.get_participant_for_staff(request.user, slug, pk)
    plan = participant.plan
    board = Board(plan)
    guest = next((one for one in board.guests if one.pk == participant.pk), None)
    if guest is None:
        raise Http404
    form = AddForm(request.POST or None, board=board, me=participant)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            services.place_meeting(
                user=person(request),
                event=plan.event,
                one=pk,
                other=values["other"],
                slot=values["slot"],
                table=values["table"],
            )
        except DomainError as error:
            _show_error(form, error)
        else:
            messages.success(request, _("The meeting is in the timetable, and locked."))
            return redirect("matching:meeting-person", slug=slug, pk=pk)
    context = {"event": plan.event, "plan": plan, "board": board, "guest": guest, "form": form}
    status = 422 if form.errors else 200
    return render(request, "matching/meeting_person.html", context, status=status)


@login_required
@require_http_methods(_FORM)
def meeting_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Move one meeting."""
    plan, meeting = access.get_meeting_for_staff(request.user, slug, pk)
    form = MoveForm(request.POST or None, plan=plan, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        try:
            services.place_meeting(
                user=person(request),
                event=plan.event,
                one=meeting.first_id,
                other=meeting.second_id,
                slot=form.cleaned_data["slot"],
                table=form.cleaned_data["table"],
            )
        except DomainError as error:
            _show_error(form, error)
        else:
            messages.success(request, _("Moved and locked. Nobody has been told yet."))
            return redirect("matching:meetings", slug=slug)
    context = {
        "event": plan.event,
        "plan": plan,
        "meeting": meeting,
        "form": form,
        "first": name_of(meeting.first),
        "second": name_of(meeting.second),
        "time": slot_time(plan, meeting.slot or 0),
    }
    status = 422 if form.errors else 200
    return render(request, "matching/meeting_edit.html", context, status=status)


@login_required
@require_POST
def meeting_lock(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Lock a meeting, or leave it to the next computation."""
    plan, _meeting = access.get_meeting_for_staff(request.user, slug, pk)
    locks = request.POST.get("locked") == "1"
    verb = services.lock_meeting if locks else services.free_meeting
    act(
        request,
        lambda: verb(user=person(request), event=plan.event, pk=pk),
        _("This meeting is locked.") if locks else _("The next computation may move this meeting."),
    )
    return redirect("matching:meeting-edit", slug=slug, pk=pk)


@login_required
@require_http_methods(_FORM)
def meeting_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once, then take a meeting out of the timetable."""
    plan, meeting = access.get_meeting_for_staff(request.user, slug, pk)
    back = reverse("matching:meetings", args=[slug])
    if request.method == "POST":
        act(
            request,
            lambda: services.remove_meeting(user=person(request), event=plan.event, pk=pk),
            _("The meeting is out of the timetable."),
        )
        return redirect(back)
    context = {
        "title": _("Remove the meeting?"),
        "text": _("%(first)s and %(second)s, %(time)s. They are told when you publish again.")
        % {
            "first": name_of(meeting.first),
            "second": name_of(meeting.second),
            "time": slot_time(plan, meeting.slot or 0),
        },
        "submit_label": _("Remove the meeting"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)
