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
from events.choices import Answer, AnswerSource, EventStatus, RegistrationState
from events.forms import AnswerForm
from events.models import Event, Invitation, Registration
from events.registration_page import position
from events.tokens import make_registration_token, make_token
from events.views.registration_page import private


def _closed(event: Event) -> bool:
    return dates.is_over(event) or event.status == EventStatus.CANCELLED


def _store(invitation: Invitation, form: AnswerForm, **how: Any) -> Registration | None:
    data = form.cleaned_data
    answer = Answer(data["answer"])
    if answer == Answer.COLLEAGUE:
        name, email = data["colleague_name"], data["colleague_email"]
        return services.name_colleague(invitation=invitation, name=name, email=email, **how)
    return services.answer_invitation(invitation=invitation, answer=answer, **how)


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
            _store(invitation, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("events:answer-thanks", token=token)
    closed = _closed(event)
    context = {"invitation": invitation, "event": event, "form": form, "closed": closed}
    status = 410 if closed else 422 if form.errors else 200
    return private(render(request, "events/answer.html", context, status=status))


@never_cache
@require_safe
def answer_thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Say what is stored now, what follows from it, and how to change it."""
    invitation = access.get_invitation_by_token(token)
    event = invitation.event
    registrations: Any = Registration.objects.filter(event=event).select_related("event")
    found = registrations.active().filter(email__iexact=invitation.email).first()
    asks = found and (event.asks_expectations or services.questions_for(event, found))
    context = {
        "invitation": invitation,
        "event": event,
        "token": token,
        "has_day": dates.has_day(event),
        "closed": _closed(event),
        "registration": found,
        "position": position(found) if found else None,
        "registration_token": make_registration_token(found.pk) if found else "",
        "asks": asks,
        "colleague": invitation.colleagues.order_by("-answered_at").first(),
    }
    return private(render(request, "events/answer_thanks.html", context))


@login_required
@require_safe
def my_invitations(request: HttpRequest) -> HttpResponse:
    """List the person's invitations and registrations, with buttons to answer."""
    user = person(request)
    public = Event.objects.published()
    invitations: Any = Invitation.objects.of_user(user).filter(
        event__in=public.upcoming().order_by().values("pk")
    )
    invitations = invitations.select_related("event", "cluster").order_by("event__starts_at", "pk")
    invitations = list(invitations[:100])
    for invitation in invitations:
        invitation.token = make_token(invitation.pk)
    registrations: Any = Registration.objects.of_user(user).filter(
        event__in=public.values("pk"), event__anonymised_at=None
    )
    mine = list(
        registrations.active()
        .with_position()
        .select_related("event", "cluster")
        .order_by("-event__starts_at", "pk")[:50]
    )
    context = {
        "invitations": invitations,
        "coming": [row for row in reversed(mine) if not dates.is_over(row.event)],
        "past": [row for row in mine if dates.is_over(row.event)],
        "answers": [
            (value, label)
            for value, label in AnswerForm.base_fields["answer"].choices  # type: ignore[attr-defined]
            if value != Answer.COLLEAGUE
        ],
        "cancelled": EventStatus.CANCELLED,
        "states": RegistrationState,
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
        act(
            request,
            lambda: _store(invitation, form, user=user, source=AnswerSource.PORTAL),
            _("Thank you. Your answer is stored."),
        )
    else:
        messages.error(request, _("Please choose yes, maybe or no."))
    return redirect("events:my-invitations")
