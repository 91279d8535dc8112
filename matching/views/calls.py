"""Doors: calls for which a team is looked for."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.models import Cluster
from clusters.views.shared import act, person
from core.csv import csv_response
from core.errors import DomainError
from core.http import render_page
from matching import tasks
from matching.access import calls as access
from matching.call_table import table_of
from matching.forms.calls import CallForm
from matching.models import ConsortiumCall
from matching.services import consortia
from matching.teams_page import board_of

_FORM = ["GET", "HEAD", "POST"]
_ON_A_PAGE = 20
_FOUND = 10


@login_required
@require_safe
def my_calls(request: HttpRequest) -> HttpResponse:
    """List the calls a person may read: those still open, or those that have ended."""
    calls = access.visible_calls(request.user)
    ended = request.GET.get("show") == "ended"
    shown = calls.ended().order_by("-deadline", "-pk") if ended else calls.open()
    context = {
        "page_obj": Paginator(shown, _ON_A_PAGE).get_page(request.GET.get("page")),
        "ended": ended,
        "may_write": access.may_write_calls(request.user),
    }
    return render(request, "matching/my_calls.html", context)


@login_required
@require_http_methods(_FORM)
def call_create(request: HttpRequest) -> HttpResponse:
    """Write down a call, and have its teams computed."""
    access.require_writer(request.user)
    user = person(request)
    clusters = access.clusters_of_writer(user)
    form = CallForm(request.POST or None, user=user, clusters=clusters, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            call = consortia.create_call(
                user=user, cluster=form.cleaned_data["cluster"], values=form.values()
            )
            _compute(request, call)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect(call)
    context = {"form": form}
    return render(request, "matching/call_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(_FORM)
def call_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a call, and have its teams computed anew while it is open."""
    call = access.get_call_for_edit(request.user, pk)
    user = person(request)
    form = CallForm(
        request.POST or None,
        user=user,
        clusters=access.clusters_of_writer(user),
        is_new=False,
        initial=CallForm.initial_of(call),
    )
    if request.method == "POST" and form.is_valid():
        try:
            call = consortia.change_call(user=user, call=call, values=form.values())
            if call.is_open:
                _compute(request, call)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect(call)
    context = {"form": form, "call": call}
    return render(request, "matching/call_form.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def call_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a call and its teams; htmx asks for the teams alone while they are computed."""
    call = access.get_call_for_view(request.user, pk)
    may_change = access.may_change(request.user, call)
    words = request.GET.get("q", "").strip()[:100]
    shown = call.proposals.complete().select_related("weights").first()
    newest = call.proposals.first()
    context: dict[str, Any] = {
        "call": call,
        "board": board_of(call, shown),
        "shown": shown,
        "newest": newest,
        "computing": newest is not None and newest.state in ("waiting", "running"),
        "is_stale": shown is not None
        and bool(shown.started_at and call.updated_at > shown.started_at),
        "marks": list(call.marks.select_related("cluster")),
        "may_change": may_change,
        "words": words,
        "found": access.clusters_to_mark(call, words)[:_FOUND] if words and may_change else [],
    }
    return render_page(
        request, "matching/call_detail.html", "matching/partials/_teams.html", context
    )


def _compute(request: HttpRequest, call: ConsortiumCall) -> None:
    proposal = consortia.ask_for_teams(user=person(request), call=call)
    tasks.compute_teams.delay_on_commit(proposal.pk)  # type: ignore[attr-defined]


@login_required
@require_POST
def call_compute(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the teams computed by a worker."""
    call = access.get_call_for_edit(request.user, pk)
    try:
        _compute(request, call)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(call)


@login_required
@require_http_methods(_FORM)
def call_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then delete a call with everything that hangs on it."""
    call = access.get_call_for_edit(request.user, pk)
    if request.method == "POST":
        act(
            request,
            lambda: consortia.delete_call(user=person(request), call=call),
            _("The call is deleted, with its idea and its teams."),
        )
        return redirect("matching:my-calls")
    context = {
        "title": _("Delete this call?"),
        "text": _("Its idea, its teams and its working lists are deleted for good."),
        "submit_label": _("Delete the call"),
        "cancel_url": call.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_POST
def call_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Set an organisation in every team, leave it out, or take that back; then compute anew."""
    call = access.get_call_for_edit(request.user, pk)
    cluster: Cluster = access.get_cluster_to_mark(call, request.POST.get("cluster", ""))
    kind = access.mark_kind(request.POST.get("kind", ""))
    try:
        consortia.mark_cluster(user=person(request), call=call, cluster=cluster, kind=kind)
        if call.is_open:
            _compute(request, call)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(call)


@login_required
@require_POST
def team_keep(request: HttpRequest, pk: int, team: int) -> HttpResponse:
    """Keep a team as a working list, or let it go again."""
    found = access.get_team_for_edit(request.user, pk, team)
    kept = request.POST.get("kept") == "1"
    act(
        request,
        lambda: consortia.keep_team(user=person(request), team=found, kept=kept),
        _("Kept as a working list.") if kept else _("No longer a working list."),
    )
    return redirect(found.call)


@login_required
@require_POST
def team_swap(request: HttpRequest, pk: int, team: int) -> HttpResponse:
    """Put a replacement in a member's place."""
    found = access.get_team_for_edit(request.user, pk, team)
    member, replacement = request.POST.get("member", ""), request.POST.get("replacement", "")
    act(
        request,
        lambda: consortia.swap_member(
            user=person(request),
            team=found,
            member=int(member) if member.isdecimal() else 0,
            replacement=int(replacement) if replacement.isdecimal() else 0,
        ),
        _("Exchanged. Under “Who could take the place” you can undo it."),
    )
    return redirect(f"{found.call.get_absolute_url()}#team-{found.pk}")


@login_required
@require_safe
def call_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand out the teams of a call as a table."""
    call = access.get_call_for_view(request.user, pk)
    board = board_of(call, call.proposals.complete().first())
    return csv_response(f"teams-{call.pk}", table_of(board))
