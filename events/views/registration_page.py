"""The page a person has about their registration: the link in the mail is the key.

Opening a link changes nothing, because programs that scan mails follow links; each act is a button.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from events import access, services
from events.forms import DetailsForm
from events.models import Registration
from events.qr import qr_svg
from events.registration_page import facts
from events.tokens import ticket_url
from events.views.registrations import details_of, show_error


def private(response: HttpResponse) -> HttpResponse:
    """Keep an address that is as good as a key out of search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _gone(request: HttpRequest, found: Registration) -> HttpResponse | None:
    """Return the page that says the details have been removed; None while they are there."""
    if found.event.anonymised_at is None and found.email:
        return None
    context = {"event": found.event}
    return private(render(request, "events/registration_removed.html", context, status=410))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """Show where the person stands and what they can do; store what they say of themselves."""
    found = access.get_registration_by_token(token)
    if gone := _gone(request, found):
        return gone
    context = facts(found)
    data = request.POST if request.method == "POST" else None
    form = DetailsForm.of(found, services.questions_for(found.event, found), data)
    if data is not None and form.is_valid():
        try:
            services.change_registration(registration=found, details=details_of(form))
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, _("Your details are stored."))
            return redirect("events:registration", token=token)
    context |= {
        "form": form,
        "token": token,
        "links_open": access.can_see_online_link(found, found.event),
    }
    if context["takes_part"]:
        context["ticket"] = qr_svg(ticket_url(found.pk, found.language))
    status = 422 if form.errors else 200
    return private(render(request, "events/registration.html", context, status=status))


def _acts() -> dict[str, tuple[Callable[..., Any], str, str, str, str]]:
    """Return verb, question, explanation, button and what is said afterwards, by act."""
    return {
        "withdraw": (
            services.withdraw,
            _("Withdraw from “%(event)s”?"),
            _("Your place becomes free for somebody else."),
            _("Withdraw"),
            _("You are no longer registered."),
        ),
        "accept": (
            services.accept_offer,
            _("Take the place at “%(event)s”?"),
            _("The place is kept for you. With this button it is yours."),
            _("Take the place"),
            _("The place is yours. You are registered."),
        ),
        "decline": (
            services.decline_offer,
            _("Decline the place at “%(event)s”?"),
            _("The place goes to the next person, and you leave the waiting list."),
            _("Decline the place"),
            _("The place goes to somebody else. Thank you for telling us."),
        ),
        "again": (
            services.register_again,
            _("Register for “%(event)s” again?"),
            _("When all places are taken you are put at the end of the waiting list."),
            _("Register again"),
            _("Thank you. Your registration has been taken up again."),
        ),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def registration_act(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """Ask with one button, then withdraw, take or decline an offered place, or come back."""
    found = access.get_registration_by_token(token)
    if gone := _gone(request, found):
        return gone
    if act not in _acts():
        raise Http404
    verb, question, text, label, done = _acts()[act]
    page = reverse("events:registration", args=[token])
    if request.method == "POST":
        try:
            verb(registration=found)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, done)
        return redirect(page)
    context = {
        "title": question % {"event": found.event.title},
        "text": text,
        "submit_label": label,
        "cancel_url": page,
        "danger": act in ("withdraw", "decline"),
    }
    return private(render(request, "components/confirm.html", context))


@never_cache
@require_POST
def registration_session(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Take a place in a session, join its waiting list, or leave either."""
    found, session = access.get_session_for_choosing(token, pk)
    leaves = request.POST.get("do") == "leave"
    verb: Callable[..., Any] = services.leave_session if leaves else services.choose_session
    try:
        verb(registration=found, session=session)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your choice is stored."))
    return redirect(f"{reverse('events:registration', args=[token])}#sessions")
