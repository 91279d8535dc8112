"""Ranking workshops: from a link in a mail, or signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clusters.views.shared import person
from core.errors import DomainError
from events import access, services, workshops
from events.forms import WishesForm
from events.models import Registration


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever holds the link of a registration rank the workshops."""
    response = _rank(request, access.get_registration_for_wishes(token))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_wishes(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a person signed in rank the workshops of an event they are registered for."""
    return _rank(request, access.get_own_registration_for_wishes(person(request), slug))


def _rank(request: HttpRequest, registration: Registration) -> HttpResponse:
    event = registration.event
    offer = workshops.offer_of(event)
    rooms = workshops.rooms_of(registration, offer)
    stored = [row.workshop for row in registration.choices.all()]
    form = WishesForm(
        request.POST if request.method == "POST" else None, offer=offer, wishes=stored
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_wishes(registration=registration, workshops=form.ordered())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Thank you. Your wishes are stored."))
            return redirect(request.path)
    context = {
        "registration": registration,
        "event": event,
        "offer": offer,
        "form": form,
        "rooms": rooms,
        "stored": [offer.title(key) for key in stored],
        "is_open": not rooms and workshops.takes_wishes(event),
    }
    return render(request, "events/wishes.html", context, status=422 if form.errors else 200)
