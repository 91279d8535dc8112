"""The pages around the catalogue: notices, messages to the office, display."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.http import client_address
from core.limits import within
from dialog import packages, services
from dialog.context_processors import THEMES
from dialog.forms import BarrierForm, MessageForm

THEME_COOKIE_AGE = 365 * 24 * 3600
# RFC 9116 wants an end within a year, so that nobody trusts an abandoned address.
SECURITY_TXT_VALID = timedelta(days=180)
MESSAGES_PER_HOUR = 10


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark display in a cookie; nothing given follows the device again."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            "theme",
            theme,
            max_age=THEME_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Let anybody write to the office."""
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _may_send(request, form):
        values = form.cleaned_data
        reference = services.send_message_to_office(
            subject=values["subject"],
            message=values["message"],
            name=values["name"],
            email=values["email"],
        )
        return _thank(request, "dialog:contact", reference)
    context = {
        "form": form,
        "title": _("Contact"),
        "text": _("Questions, corrections, ideas: write to the office."),
        "show_operator": True,
    }
    return render(request, "dialog/pages/message.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_barrier(request: HttpRequest) -> HttpResponse:
    """Let anybody report what kept them from using a page."""
    form = BarrierForm(request.POST or None, initial={"page": request.GET.get("page", "")[:500]})
    if request.method == "POST" and form.is_valid() and _may_send(request, form):
        values = form.cleaned_data
        reference = services.report_barrier(
            page=values["page"],
            message=values["message"],
            name=values["name"],
            email=values["email"],
        )
        return _thank(request, "dialog:report-barrier", reference)
    context = {
        "form": form,
        "title": _("Report a barrier"),
        "text": _("Tell us what does not work for you. We look after it."),
    }
    return render(request, "dialog/pages/message.html", context)


def _may_send(request: HttpRequest, form: MessageForm) -> bool:
    """Count the messages of this address; too many in an hour put an error on the form."""
    if within("message", client_address(request), limit=MESSAGES_PER_HOUR, seconds=3600):
        return True
    form.add_error(None, _("Too many messages came from your connection. Try again in an hour."))
    return False


def _thank(request: HttpRequest, name: str, reference: str) -> HttpResponse:
    text = _("Thank you. Your message was passed on. Reference: %(reference)s")
    messages.success(request, text % {"reference": reference})
    return redirect(name)


@require_safe
def open_source(request: HttpRequest) -> HttpResponse:
    """List every package the portal is built from, with its licence."""
    context = {"packages": packages.python_packages(), "assets": packages.browser_packages()}
    return render(request, "dialog/pages/open_source.html", context)


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """List the entrances of the portal."""
    sections = [
        (
            _("The portal"),
            [
                (_("Home"), "dialog:home"),
                (_("Clusters"), "clusters:cluster-list"),
                (_("Events"), "events:event-list"),
                (_("Topics"), "topics:topic-list"),
                (_("Vocabulary"), "dialog:term-list"),
                (_("Search"), "dialog:search"),
                (_("Register a new cluster"), "clusters:application-create"),
                (_("Sign in"), "account_login"),
            ],
        ),
        (
            _("Help and contact"),
            [
                (_("Contact"), "dialog:contact"),
                (_("Report a barrier"), "dialog:report-barrier"),
                ("Leichte Sprache", "dialog:easy-language"),
            ],
        ),
        (
            _("Legal"),
            [
                (_("Imprint"), "dialog:imprint"),
                (_("Privacy notice"), "dialog:privacy"),
                (_("Accessibility statement"), "dialog:accessibility"),
                (_("Open-source notice"), "dialog:open-source"),
            ],
        ),
    ]
    found = [
        (heading, [(label, path) for label, name in links if (path := _path(name))])
        for heading, links in sections
    ]
    return render(request, "dialog/pages/site_map.html", {"sections": found})


def _path(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where weaknesses are reported (RFC 9116)."""
    expires = (timezone.now() + SECURITY_TXT_VALID).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.SECURITY_EMAIL}",
        f"Expires: {expires}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead to the icon of the portal."""
    return redirect(static("dialog/img/favicon.svg"), permanent=True)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Ask search engines to leave alone what is of no use to their readers."""
    codes = [code for code, _name in settings.LANGUAGES]
    paths = [f"/{code}/{part}/" for code in codes for part in ("account", "admin")]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in [*paths, "/api/"])]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
