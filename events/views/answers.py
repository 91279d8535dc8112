"""Answering an invitation: from the mail without signing in, or inside the portal.

A link in a mail never changes anything: programs that scan mails follow links. It opens a page
with one button.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from events import access, dates, services
from events.choices import Answer, EventStatus
from events.forms import AnswerForm
from events.models import Event, Invitation, Registration


def _closed(event: Event) -> bool:
    return dates.is_over(event) or event.status == EventStatus.CANCELLED


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the event and the answer the link stands for; store it only when sent by button."""
    invitation = access.get_invitation_by_token(token)
    event = invitation.event
    chosen = request.GET.get("a", "")
    initial = chosen if chosen in Answer.values else invitation.answer
    form = AnswerForm(
        request.POST if request.method == "POST" else None, initial={"answer": initial}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_invitation(
                invitation=invitation, answer=Answer(form.cleaned_data["answer"])
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("events:answer-thanks", token=token)
    closed = _closed(event)
    context = {"invitation": invitation, "event": event, "form": form, "closed": closed}
    status = 410 if closed else 422 if form.errors else 200
    return _private(render(request, "events/answer.html", context, status=status))


@never_cache
@require_safe
def answer_thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Say what is stored now and how to change it."""
    invitation = access.get_invitation_by_token(token)
    registrations: Any = Registration.objects.filter(event=invitation.event)
    context = {
        "invitation": invitation,
        "event": invitation.event,
        "token": token,
        "has_day": dates.has_day(invitation.event),
        "closed": _closed(invitation.event),
        "registration": registrations.active().filter(email__iexact=invitation.email).first(),
    }
    return _private(render(request, "events/answer_thanks.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is as good as a key, out of search engines.

    Other sites do not learn it either: the portal's ``Referrer-Policy`` is ``same-origin``. A
    stricter one would make browsers send ``Origin: null``, and the button would be refused.
    """
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_required
@require_safe
def my_invitations(request: HttpRequest) -> HttpResponse:
    """List the person's invitations and registrations, with buttons to answer."""
    user = person(request)
    public = Event.objects.published()
    invitations: Any = Invitation.objects.of_user(user).filter(
        event__in=public.upcoming().order_by().values("pk")
    )
    registrations: Any = Registration.objects.of_user(user).active()
    context = {
        "invitations": invitations.select_related("event", "cluster").order_by(
            "event__starts_at", "pk"
        ),
        "registrations": registrations.filter(event__in=public.values("pk"))
        .select_related("event")
        .order_by("-event__starts_at", "pk")[:50],
        "answers": AnswerForm.base_fields["answer"].choices,  # type: ignore[attr-defined]
        "cancelled": EventStatus.CANCELLED,
    }
    return render(request, "events/my_invitations.html", context)


@login_required
@require_POST
def invitation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Store an answer given inside the portal."""
    user = person(request)
    invitation = access.get_invitation_for_answering(user, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        given = Answer(form.cleaned_data["answer"])
        act(
            request,
            lambda: services.answer_invitation(invitation=invitation, answer=given, user=user),
            _("Thank you. Your answer is stored."),
        )
    else:
        messages.error(request, _("Please choose yes, maybe or no."))
    return redirect("events:my-invitations")
