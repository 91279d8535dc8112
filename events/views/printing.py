"""Doors to paper: badges, the list to sign, certificates of attendance."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import access, door_list, printouts
from events.choices import ParticipantGroup


def _pdf(content: bytes, *words: str) -> HttpResponse:
    """Send a PDF that nobody but the reader may keep, under a name made of ``words``."""
    name = "-".join(filter(None, (slugify(word) for word in words)))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _group(request: HttpRequest) -> str:
    group = request.GET.get("group", "")
    return group if group in ParticipantGroup.values else ""


def _part(request: HttpRequest) -> int:
    part = request.GET.get("part", "")
    return max(1, int(part)) if part.isascii() and part.isdigit() and len(part) < 5 else 1


@login_required
@require_safe
def badges(request: HttpRequest, slug: str) -> HttpResponse:
    """Offer everything that is printed or taken away as a file."""
    event = access.get_event_for_staff(request.user, slug)
    everybody, *groups = door_list.counts(event)
    context = {
        "event": event,
        "everybody": everybody,
        "groups": groups,
        "badge_parts": printouts.parts(everybody.expected),
        "certificate_parts": printouts.parts(everybody.present),
    }
    return render(request, "events/badges.html", context)


@never_cache
@login_required
@require_safe
def badge_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the badges: ten or eight a page, with or without the code of the ticket."""
    event = access.get_event_for_staff(request.user, slug)
    layout = request.GET.get("layout", "")
    content = printouts.badge_sheet(
        event,
        layout=layout if layout in printouts.LAYOUTS else printouts.LAYOUTS[0],
        group=_group(request),
        with_code=request.GET.get("code", "1") == "1",
        part=_part(request),
    )
    return _pdf(content, _("badges"), event.slug)


@never_cache
@login_required
@require_safe
def attendance_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the list of participants: all for the door, or only who agreed to be listed."""
    event = access.get_event_for_staff(request.user, slug)
    content = printouts.attendance_list(
        event,
        signatures="signatures" in request.GET,
        everybody=request.GET.get("who") != "agreed",
    )
    return _pdf(content, _("participants"), event.slug)


@never_cache
@login_required
@require_safe
def certificates(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the certificates of all who were checked in, a page a person."""
    event = access.get_event_for_staff(request.user, slug)
    people = printouts.attended(event, _part(request))
    if not people:
        context = {"event": event}
        return render(request, "events/no_certificates.html", context, status=404)
    return _pdf(printouts.certificates(event, people), _("certificates"), event.slug)


@never_cache
@require_safe
def certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Send the certificate of the person whose ticket this is."""
    registration = access.get_registration_for_certificate(token)
    content = printouts.certificates(registration.event, [registration])
    return _pdf(content, _("certificate"), registration.event.slug)
