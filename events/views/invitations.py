"""Doors for staff: choose whom to invite, see who would be, confirm, and watch what happens."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import person
from core.choices import MailState
from core.errors import DomainError
from core.http import render_page
from events import access, audience, dates, services, tasks
from events.choices import Answer
from events.forms import AudienceForm
from events.models import Event
from events.views.pages import page_of

_ROWS = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_audience(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose an audience, preview it, and send after confirmation of the number shown."""
    event = access.get_event_for_staff(request.user, slug)
    form = AudienceForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid() or "change" in request.POST:
        failed = bool(form.errors) and "change" not in request.POST
        context = {"event": event, "form": form, "show_errors": failed}
        return render(
            request, "events/invitation_audience.html", context, status=422 if failed else 200
        )
    resolved = audience.resolve(event, form.audience())
    confirmed = request.POST.get("confirmed", "")
    if "send" in request.POST and confirmed == str(len(resolved.recipients)):
        return _send(request, event, form)
    context = {
        "event": event,
        "form": form,
        "resolved": resolved,
        "changed_meanwhile": "send" in request.POST,
        "hidden": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
    }
    return render(request, "events/invitation_preview.html", context)


def _send(request: HttpRequest, event: Event, form: AudienceForm) -> HttpResponse:
    try:
        invited = services.invite(user=person(request), event=event, audience=form.audience())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("events:invitation-audience", slug=event.slug)
    tasks.send_invitations.delay_on_commit(event.pk)  # type: ignore[attr-defined]
    count = len(invited.recipients)
    messages.success(
        request,
        ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count
        )
        % {"count": count},
    )
    return redirect("events:invitation-list", slug=event.slug)


@login_required
@require_safe
def invitation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where each invitation stands; htmx fetches the changing part again and again."""
    event = access.get_event_for_staff(request.user, slug)
    rows: Any = event.invitations.with_delivery().select_related("cluster", "mail")
    delivery, answer = request.GET.get("delivery", ""), request.GET.get("answer", "")
    words = request.GET.get("q", "").strip()
    if delivery in MailState.values:
        rows = rows.filter(delivery=delivery)
    if answer in Answer.values:
        rows = rows.filter(answer=answer)
    elif answer == "none":
        rows = rows.unanswered()
    if words:
        rows = rows.filter(email__icontains=words[:100])
    totals = event.invitations.totals()
    context = {
        "event": event,
        "totals": totals,
        "done": totals["sent"] + totals["failed"],
        "page_obj": page_of(request, rows.order_by("email", "pk"), _ROWS),
        "delivery": delivery,
        "answer": answer,
        "q": words,
        "states": MailState.choices,
        "answers": [*Answer.choices, ("none", _("no answer yet"))],
        "poll": _seconds_to_next_look(event, totals),
    }
    return render_page(
        request, "events/invitation_list.html", "events/partials/_progress.html", context
    )


def _seconds_to_next_look(event: Event, totals: dict[str, int]) -> int:
    """Return how soon the page should look again; 0 when nothing can change any more.

    Mails move within seconds, answers arrive over days.
    """
    if totals["pending"]:
        return 2
    waits = totals["answered"] < totals["total"] and not dates.is_over(event)
    return 15 if waits else 0


@login_required
@require_POST
def invitation_resend(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the invitations again that could not be delivered."""
    event = access.get_event_for_staff(request.user, slug)
    try:
        count = services.send_failed_again(user=person(request), event=event)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        text = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
        messages.success(request, text % {"count": count})
    return redirect("events:invitation-list", slug=event.slug)
