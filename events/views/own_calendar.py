"""A person's own calendar: the page that hands out its secret address, and the file itself."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clusters.views.shared import person
from events import access, services
from events.models import CalendarFeed
from events.own_calendar import own_calendar, own_programme
from events.views.calendars import calendar_file


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """Show the address of the person's calendar, or make it."""
    user = person(request)
    if request.method == "POST":
        services.make_feed(user=user)
        messages.success(request, _("Your calendar is ready."))
        return redirect("events:my-calendar")
    feed = CalendarFeed.objects.filter(user=user, revoked_at=None).first()
    context: dict[str, object] = {"feed": feed}
    if feed is not None:
        path = reverse("person-calendar", args=[feed.secret])
        context["url"] = f"{settings.BASE_URL}{path}"
        context["webcal_url"] = f"webcal://{settings.BASE_URL.partition('://')[2]}{path}"
    return render(request, "events/my_calendar.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar_renew(request: HttpRequest) -> HttpResponse:
    """Ask once, then replace the address."""
    if request.method == "POST":
        services.renew_feed(user=person(request))
        messages.success(request, _("Your calendar has a new address. The old one has ended."))
        return redirect("events:my-calendar")
    context = {
        "title": _("Make a new address for your calendar?"),
        "text": _(
            "Programs and people who know the old address see nothing from then on. Subscribe"
            " with the new address on your own devices."
        ),
        "submit_label": _("Make a new address"),
        "cancel_url": reverse("events:my-calendar"),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar_revoke(request: HttpRequest) -> HttpResponse:
    """Ask once, then end the address."""
    if request.method == "POST":
        services.revoke_feed(user=person(request))
        messages.success(request, _("Your calendar is switched off."))
        return redirect("events:my-calendar")
    context = {
        "title": _("Switch off your calendar?"),
        "text": _(
            "Its address ends at once, and calendar programs no longer find it. You can switch it"
            " on again at any time, under a new address."
        ),
        "submit_label": _("Switch off"),
        "cancel_url": reverse("events:my-calendar"),
    }
    return render(request, "components/confirm.html", context)


@require_safe
def person_calendar(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Return a person's calendar to whoever knows its address."""
    user = access.get_user_for_feed(secret)
    asked = request.GET.get("language")
    language = asked if asked in dict(settings.LANGUAGES) else user.language
    with translation.override(language):
        content = own_calendar(user, language)
    return _private(request, content, "my-events")


@require_safe
def registration_calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """Return the programme of one registration."""
    registration = access.get_registration_for_calendar(token)
    with translation.override(registration.language):
        content = own_programme(registration)
    return _private(request, content, registration.event.slug)


def _private(request: HttpRequest, content: bytes, name: str) -> HttpResponseBase:
    """Hand out what only one person may keep, once as long as it is the same."""
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    response = calendar_file(content, name)
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag=etag, response=response) or response
