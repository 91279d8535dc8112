"""Subscribing to a calendar of events."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.http import render_page
from events.forms import SubscriptionForm


@require_safe
def calendar_subscribe(request: HttpRequest) -> HttpResponse:
    """Show the address of the calendar of a field or district, and how to subscribe to it."""
    form = SubscriptionForm(request.GET)
    form.is_valid()
    crumbs = [(_("Events"), reverse("events:event-list")), (_("Subscribe"), "")]
    return render_page(
        request,
        "events/calendar_subscribe.html",
        "events/partials/_subscription.html",
        {"form": form, "crumbs": crumbs},
    )
