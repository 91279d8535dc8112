"""Doors for whoever plans events: managers propose, staff decides, edits, publishes, cancels."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from events import access, services
from events.choices import Decision, EventStatus
from events.forms import (
    CancelForm,
    DecisionForm,
    EventForm,
    ProposalForm,
    SessionFormSet,
    without_errors,
)
from events.models import Event
from events.views.pages import page_of

_FORM = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def manage_event_list(request: HttpRequest) -> HttpResponse:
    """List all events for staff, those waiting for review first."""
    access.require_staff(request.user)
    status = request.GET.get("status", "")
    events: Any = Event.objects.with_card_data().select_related("proposed_by")
    counts = dict(Event.objects.order_by().values_list("status").annotate(Count("pk")))
    if status in EventStatus.values:
        events = events.filter(status=status)
    events = events.annotate(
        taking_part=Count(
            "registrations", filter=Q(registrations__state="registered"), distinct=True
        )
    ).order_by("-starts_at", "-pk")
    context = {
        "page_obj": page_of(request, events),
        "status": status,
        "statuses": [(value, label, counts.get(value, 0)) for value, label in EventStatus.choices],
        "total": sum(counts.values()),
    }
    return render(request, "events/manage_event_list.html", context)


@login_required
@require_http_methods(_FORM)
def event_propose(request: HttpRequest) -> HttpResponse:
    """Let a manager propose an event, and show what became of earlier proposals."""
    user = person(request)
    clusters = access.get_clusters_for_proposing(user)
    form = ProposalForm(
        request.POST if request.method == "POST" else None, clusters=clusters, instance=Event()
    )
    if request.method == "POST" and form.is_valid():
        event = services.propose_event(
            user=user,
            event=form.save(commit=False),
            cluster=form.cleaned_data["cluster"],
            relations=form.relations(),
        )
        messages.success(
            request, _("Thank you. The office looks at your proposal and writes to you.")
        )
        return redirect(event)
    proposals = Event.objects.filter(proposed_by__in=clusters).order_by("-submitted_at")[:20]
    context = {"form": form, "proposals": proposals}
    status = 422 if form.errors else 200
    return render(request, "events/event_propose.html", context, status=status)


@login_required
@require_http_methods(_FORM)
def event_create(request: HttpRequest) -> HttpResponse:
    access.require_staff(request.user)
    return _edit(request, Event(), EventForm, [])


@login_required
@require_http_methods(_FORM)
def event_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change an event: staff always, its proposers until staff has decided."""
    user = person(request)
    event = access.get_event_for_editing(user, slug)
    if user.is_staff:
        return _edit(request, event, EventForm, [])
    return _edit(request, event, ProposalForm, access.get_clusters_for_proposing(user))


def _edit(
    request: HttpRequest, event: Event, form_class: type[EventForm], clusters: Any
) -> HttpResponse:
    options: dict[str, Any] = {"clusters": clusters} if form_class is ProposalForm else {}
    if options:
        options["initial"] = {"cluster": event.proposed_by_id}
    form = form_class(request.POST if request.method == "POST" else None, instance=event, **options)
    adding = "add_session" in request.POST
    data = _with_one_more(request) if adding else request.POST if request.method == "POST" else None
    sessions = SessionFormSet(data, instance=event, prefix="sessions")
    if request.method == "POST" and not adding and form.is_valid() and sessions.is_valid():
        saved = _save(request, form, sessions)
        if saved is not None:
            return redirect(saved)
    if adding:
        for part in (form, *sessions.forms):
            without_errors(part)
    failed = request.method == "POST" and not adding
    context = {"form": form, "sessions": sessions, "event": event, "adding": adding}
    return render(request, "events/event_form.html", context, status=422 if failed else 200)


def _with_one_more(request: HttpRequest) -> Any:
    """Return what was entered with one empty part more, placed after the others."""
    data = request.POST.copy()
    total = data.get("sessions-TOTAL_FORMS", "0")
    count = min(int(total), 1000) if total.isdecimal() else 0
    positions = [data.get(f"sessions-{number}-position", "") for number in range(count)]
    last = max((int(text) for text in positions if text.isdecimal()), default=0)
    data["sessions-TOTAL_FORMS"] = str(count + 1)
    data[f"sessions-{count}-position"] = str(last + 1)
    return data


def _save(request: HttpRequest, form: EventForm, sessions: Any) -> Event | None:
    """Call the verb; its refusal becomes an error of the form."""
    changed = sessions.save(commit=False)
    try:
        event = services.save_event(
            user=person(request),
            event=form.save(commit=False),
            relations=form.relations(),
            sessions=changed,
            removed=sessions.deleted_objects,
        )
        if "submit" in request.POST:
            services.submit_event(user=person(request), event=event)
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
    messages.success(request, _("Saved."))
    return event


@login_required
@require_http_methods(_FORM)
def event_review(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a proposal to staff and take the decision."""
    event = access.get_event_for_staff(request.user, slug)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_event(
                user=person(request),
                event=event,
                decision=Decision(form.cleaned_data["decision"]),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, _("Decided. The author is told by mail."))
            return redirect("events:manage-event-list")
    context = {
        "event": access.get_event_for_reading(request.user, slug),
        "form": form,
        "waiting": event.status == EventStatus.SUBMITTED,
    }
    return render(request, "events/event_review.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(_FORM)
def event_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then publish a draft."""
    event = access.get_event_for_staff(request.user, slug)
    if request.method == "POST":
        act(
            request,
            lambda: services.publish_event(user=person(request), event=event),
            _("The event is published."),
        )
        return redirect(event)
    context = {
        "title": _("Publish “%(event)s”?") % {"event": event.title},
        "text": _("Everybody can read its page then. You can change it later."),
        "submit_label": _("Publish"),
        "cancel_url": event.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_http_methods(_FORM)
def event_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the reason, then call the event off."""
    event = access.get_event_for_staff(request.user, slug)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        act(
            request,
            lambda: services.cancel_event(user=person(request), event=event, reason=reason),
            _("The event is cancelled. Those who wanted to come are told by mail."),
        )
        return redirect(event)
    context = {
        "title": _("Cancel “%(event)s”?") % {"event": event.title},
        "text": _(
            "Everybody who is registered, waits for a place or has not declined gets a mail."
            " This cannot be undone."
        ),
        "form": form,
        "submit_label": _("Cancel the event"),
        "cancel_url": reverse("events:event-detail", args=[event.slug]),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
