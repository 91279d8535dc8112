"""Doors for staff: who comes, who waits, and what they wish for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from clusters.models import Cluster
from clusters.views.shared import person
from core.errors import DomainError
from core.http import render_page
from events import access, services
from events.choices import ParticipantGroup, RegistrationState
from events.forms import PersonForm, ReasonForm, answer_in_words
from events.models import Event
from events.views.pages import page_of
from events.views.registrations import show_error

_ROWS = 50

Verb = Callable[..., int]
_ACTS: dict[str, Verb] = {
    "approve": services.approve_registrations,
    "give": services.give_places,
    "offer": services.offer_places,
    "restore": services.restore_registrations,
    "resend": services.resend_confirmations,
}
_WITH_REASON: dict[str, Verb] = {
    "decline": services.decline_registrations,
    "cancel": services.cancel_registrations,
}


def _found(event: Event, query: QueryDict) -> Any:
    rows: Any = event.registrations.all()
    if (state := query.get("state", "")) in RegistrationState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.active()
    if (group := query.get("group", "")) in ParticipantGroup.values:
        rows = rows.filter(group=group)
    if cluster := query.get("cluster", ""):
        rows = rows.filter(cluster__slug=cluster)
    if words := query.get("q", "").strip()[:100]:
        rows = rows.filter(name__icontains=words) | rows.filter(email__icontains=words)
    order = ("waiting_since", "pk") if state == "waiting" else ("name", "email", "pk")
    return rows.order_by(*order)


@login_required
@require_safe
def registration_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List who comes, waits or has asked, to be filtered, with what staff can do about it."""
    event = access.get_event_for_staff(request.user, slug)
    rows = _found(event, request.GET).with_position().select_related("cluster", "user")
    page = page_of(request, rows.prefetch_related("answers__question"), _ROWS)
    for row in page:
        row.answer_lines = [
            (answer.question.label, answer_in_words(answer.question, answer.value))
            for answer in row.answers.all()
        ]
    context = {
        "event": event,
        "page_obj": page,
        "totals": event.registrations.totals(),
        "free": event.free_places(),
        "states": RegistrationState.choices,
        "groups": ParticipantGroup.choices,
        "clusters": Cluster.objects.filter(registrations__event=event).distinct().order_by("name"),
        "query": request.GET,
        "is_waiting_list": request.GET.get("state") == "waiting",
    }
    template = "events/partials/_registration_rows.html"
    return render_page(request, "events/registration_list.html", template, context)


def _back(request: HttpRequest, event: Event) -> HttpResponse:
    query = QueryDict(request.POST.get("back", "")[:500]).urlencode()
    url = reverse("events:registration-list", args=[event.slug])
    return redirect(f"{url}?{query}" if query else url)


@login_required
@require_POST
def registrations_act(request: HttpRequest, slug: str) -> HttpResponse:
    """Do one thing with all registrations that are ticked; ask for a reason where one is due."""
    user = person(request)
    event = access.get_event_for_staff(user, slug)
    ids = [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal()][:1000]
    act = request.POST.get("act", "")
    if not ids:
        messages.error(request, _("Nobody is ticked. Please tick the people you mean."))
        return _back(request, event)
    if act in _WITH_REASON:
        return _ask_reason(request, user, event, act, ids)
    group = act.removeprefix("group-")
    if group in ParticipantGroup.values:
        _do(
            request,
            lambda: services.move_group(
                user=user, event=event, ids=ids, group=ParticipantGroup(group)
            ),
        )
    elif act in _ACTS:
        _do(request, lambda: _ACTS[act](user=user, event=event, ids=ids))
    else:
        messages.error(request, _("Please choose what is to be done."))
    return _back(request, event)


def _do(request: HttpRequest, verb: Callable[[], int]) -> None:
    try:
        count = verb()
    except DomainError as error:
        messages.error(request, error.message)
        return
    if not count:
        messages.warning(request, _("This fits none of the registrations you ticked."))
        return
    text = ngettext("Done for %(count)d person.", "Done for %(count)d people.", count)
    messages.success(request, text % {"count": count})


def _ask_reason(
    request: HttpRequest, user: User, event: Event, act: str, ids: list[int]
) -> HttpResponse:
    form = ReasonForm(request.POST if "reason" in request.POST else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        _do(request, lambda: _WITH_REASON[act](user=user, event=event, ids=ids, reason=reason))
        return _back(request, event)
    context = {
        "event": event,
        "form": form,
        "act": act,
        "people": event.registrations.filter(pk__in=ids).order_by("name", "email"),
        "back": request.POST.get("back", ""),
    }
    status = 422 if form.is_bound else 200
    return render(request, "events/registration_reason.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def registration_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Register somebody who wrote or called."""
    user = person(request)
    event = access.get_event_for_staff(user, slug)
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_person(user=user, event=event, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            text = _("%(name)s: %(state)s. A mail is on its way.")
            state = added.get_state_display()
            messages.success(request, text % {"name": added.name, "state": state})
            return redirect("events:registration-list", slug=slug)
    status = 422 if form.errors else 200
    context = {"event": event, "form": form}
    return render(request, "events/registration_add.html", context, status=status)


@login_required
@require_safe
def expectation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what people wish for, to staff and to the moderators of the event."""
    user = person(request)
    event = access.get_event_for_expectations(user, slug)
    rows: Any = event.registrations.active().exclude(expectation="").select_related("cluster")
    context = {
        "event": event,
        "page_obj": page_of(request, rows.order_by("created_at", "pk"), 200),
        "asked": event.registrations.active().count(),
    }
    return render(request, "events/expectation_list.html", context)
