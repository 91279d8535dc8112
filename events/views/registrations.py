"""Registering for an event and giving the place back, for people signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clusters.models import Cluster
from clusters.views.shared import act, person
from core.errors import DomainError
from events import access, services
from events.choices import RegistrationState


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then register, on the waiting list when all places are taken."""
    user = person(request)
    event = access.get_event_for_registering(user, slug)
    if request.method == "POST":
        cluster = Cluster.objects.of_member(user).order_by("pk").first()
        try:
            registration = services.register(user=user, event=event, cluster=cluster)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(event)
        if registration.state == RegistrationState.WAITING:
            messages.warning(request, _("All places are taken. You are on the waiting list."))
        else:
            messages.success(request, _("You are registered."))
        return redirect(event)
    context = {
        "title": _("Register for “%(event)s”") % {"event": event.title},
        "text": _("The office sees your name and address; other people do not."),
        "submit_label": _("Register"),
        "cancel_url": event.get_absolute_url(),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unregister(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then give the place back."""
    user = person(request)
    event = access.get_event_for_registering(user, slug)
    if request.method == "POST":
        act(
            request,
            lambda: services.unregister(user=user, event=event),
            _("You are no longer registered."),
        )
        return redirect(event)
    context = {
        "title": _("Withdraw from “%(event)s”?") % {"event": event.title},
        "text": _("Your place becomes free for somebody else."),
        "submit_label": _("Give my place back"),
        "cancel_url": event.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@never_cache
@require_safe
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """Show a person where they stand; the link in the mail is the key."""
    found = access.get_registration_by_token(token)
    context = {"registration": found, "event": found.event}
    response = render(request, "events/registration.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
