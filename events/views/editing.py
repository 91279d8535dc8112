"""The form of an event with its programme."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters.models import Cluster
from clusters.views.shared import person
from core.errors import DomainError
from events import access, services
from events.forms import (
    EventForm,
    Programme,
    ProposalForm,
    clashes,
    edited,
    pressed,
    take_over_version,
    without_errors,
)
from events.models import Event

_FORM = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(_FORM)
def event_create(request: HttpRequest) -> HttpResponse:
    access.require_staff(request.user)
    return _edit(request, Event(), EventForm, {})


@login_required
@require_http_methods(_FORM)
def event_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change an event: staff always, its proposers until staff has decided."""
    user = person(request)
    event = access.get_event_for_editing(user, slug)
    if user.is_staff:
        return _edit(request, event, EventForm, {})
    clusters = access.get_clusters_for_proposing(user)
    options = {"clusters": clusters, "initial": {"cluster": event.proposed_by_id}}
    return _edit(request, event, ProposalForm, options)


def _edit(
    request: HttpRequest, event: Event, form_class: type[EventForm], options: dict[str, Any]
) -> HttpResponse:
    """Show the form, do what a button of the programme says, or save."""
    sent = request.method == "POST"
    adding = pressed(request.POST) if sent else ""
    data = edited(request.POST) if adding else request.POST if sent else None
    form = form_class(data, instance=event, **options)
    programme = Programme(data, event)
    found: list[Any] = []
    if adding:
        without_errors(form)
        programme.without_errors()
    elif sent and _valid(form, programme):
        saved, found = _save(request, form, programme)
        if saved is not None:
            return redirect(_after_saving(request, saved))
    context = {
        "form": form,
        "programme": programme,
        "event": event,
        "adding": adding,
        "clashes": found,
        "organisations": _organisations(),
    }
    status = 422 if sent and not adding else 200
    return render(request, "events/event_form.html", context, status=status)


def _organisations() -> list[str]:
    """Return names to choose a moderator from."""
    clusters: Any = Cluster.objects.published()
    return list(clusters.order_by("name").values_list("name", flat=True)[:500])


def _valid(form: EventForm, programme: Programme) -> bool:
    """Check event and programme, and each against the other."""
    event_is_valid, programme_is_valid = form.is_valid(), programme.is_valid()
    if not (event_is_valid and programme_is_valid):
        return False
    programme.check_days(form.instance)
    return all(not row.errors for row in programme.kept())


def _save(
    request: HttpRequest, form: EventForm, programme: Programme
) -> tuple[Event | None, list[Any]]:
    """Call the verb; its refusal becomes an error of the form.

    Returns the event, or what two people who edited at once say differently.
    """
    version = form.cleaned_data["version"] or None
    try:
        event = _write(request, form, programme, version)
    except DomainError as error:
        if error.code != "conflict":
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return None, []
        stored = Event.objects.get(pk=form.instance.pk)
        found = clashes(form, programme, stored)
        if not found:
            # The other one has changed nothing this form speaks of, such as publishing.
            return _write(request, form, programme, None), []
        take_over_version(form, stored)
        form.add_error(None, error.message)
        return None, found
    return event, []


def _write(
    request: HttpRequest, form: EventForm, programme: Programme, version: str | None
) -> Event:
    event = services.save_event(
        user=person(request),
        event=form.save(commit=False),
        relations=form.relations(),
        sessions=programme.changed(),
        removed=programme.removed(),
        version=version,
    )
    if "submit" in request.POST:
        services.submit_event(user=person(request), event=event)
    return event


def _after_saving(request: HttpRequest, event: Event) -> str:
    """Say what happened, and return where to go on."""
    if event.change_notice_due_at:
        messages.success(
            request, _("Saved. The people of this event will be told what has changed.")
        )
    else:
        messages.success(request, _("Saved."))
    return event.get_absolute_url()
