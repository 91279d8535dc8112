"""Doors for whoever plans events: managers propose, staff decides, publishes, cancels, deletes."""

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
from events.choices import Decision, EventPhase, EventStatus
from events.forms import CancelForm, DecisionForm, ProposalForm
from events.models import Event, EventSeries
from events.querysets.registration import TAKING_A_PLACE
from events.views.pages import page_of

_FORM = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def manage_event_list(request: HttpRequest) -> HttpResponse:
    """List all events for staff by phase, and those of one series on wish."""
    access.require_staff(request.user)
    phase, series = request.GET.get("phase", ""), request.GET.get("series", "")
    every: Any = Event.objects.all()
    events: Any = every.with_card_data().select_related("proposed_by", "series")
    if phase in EventPhase.values:
        events = events.in_phase(phase)
    chosen = EventSeries.objects.filter(pk=int(series)).first() if series.isdecimal() else None
    if chosen is not None:
        events = events.filter(series=chosen)
    events = events.annotate(
        taking_part=Count(
            "registrations",
            filter=Q(registrations__state__in=TAKING_A_PLACE),
            distinct=True,
        )
    ).order_by("-starts_at", "-pk")
    counts = every.phase_counts()
    context = {
        "page_obj": page_of(request, events),
        "phase": phase,
        "series": chosen,
        "phases": [(value, label, counts[value]) for value, label in EventPhase.choices],
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


@login_required
@require_http_methods(_FORM)
def event_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then delete an event nobody was invited to and nobody has registered for."""
    event = access.get_event_for_staff(request.user, slug)
    if request.method == "POST":
        deleted = act(
            request,
            lambda: services.delete_event(user=person(request), event=event),
            _("“%(event)s” is deleted.") % {"event": event.title},
        )
        return redirect("events:manage-event-list") if deleted else redirect(event)
    context = {
        "title": _("Delete “%(event)s”?") % {"event": event.title},
        "text": _(
            "The event, its programme and its questions are gone for good. Events to which people"
            " were invited or have registered are not deleted: cancel these instead."
        ),
        "submit_label": _("Delete the event"),
        "cancel_url": event.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)
