"""Doors for staff: where each invitation stands, and what can be done about it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from clusters.views.shared import act, person
from core.csv import csv_response
from core.errors import DomainError
from core.http import render_page
from events import access, deliveries, services
from events.choices import MailOccasion
from events.models import Event


@login_required
@require_safe
def invitation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where each invitation stands; htmx fetches the changing part again and again."""
    event = access.get_event_for_staff(request.user, slug)
    chosen = deliveries.Filter.read(request.GET)
    totals = event.invitations.totals()
    context: dict[str, Any] = {
        "event": event,
        "totals": totals,
        "done": totals["sent"] + totals["failed"],
        "page_obj": deliveries.page(event, chosen, totals, request.GET.get("page")),
        "filter": chosen,
        "states": deliveries.STATES,
        "segments": deliveries.segments(totals),
        "poll": deliveries.seconds_to_next_look(event, totals),
        "minutes_left": deliveries.minutes_left(event, totals),
        "can_remind": deliveries.can_remind(event),
    }
    return render_page(
        request, "events/invitation_list.html", "events/partials/_progress.html", context
    )


@login_required
@require_safe
def invitation_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Hand out the invitations of the list as a table."""
    event = access.get_event_for_staff(request.user, slug)
    rows = deliveries.rows(event, deliveries.Filter.read(request.GET))
    return csv_response(f"invitations-{event.slug}", _table(rows))


def _table(rows: Any) -> Iterator[list[object]]:
    yield [
        _("Address"),
        _("Name"),
        _("Cluster"),
        _("Language"),
        _("Delivery"),
        _("Error"),
        _("Answer"),
        _("Answered"),
    ]
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.email,
            row.name,
            row.cluster.name if row.cluster else "",
            row.language,
            deliveries.state_label(row),
            row.mail.error if row.mail else "",
            row.get_answer_display() if row.answer else "",
            row.answered_at.isoformat(timespec="minutes") if row.answered_at else "",
        ]


@login_required
@require_POST
def invitation_resend(request: HttpRequest, slug: str) -> HttpResponse:
    """Send invitations again that could not be delivered: all, or those that are ticked.

    The other button below the list leads to a reminder to those that are ticked.
    """
    event = access.get_event_for_staff(request.user, slug)
    ticked = [int(pk) for pk in request.POST.getlist("only") if pk.isdecimal()]
    if "remind" in request.POST:
        query = urlencode({"occasion": MailOccasion.REMINDER.value, "only": ticked}, doseq=True)
        return redirect(f"{reverse('events:mailing-create', args=[slug])}?{query}")
    only = ticked if "ticked" in request.POST else None
    try:
        count = services.send_failed_again(user=person(request), event=event, invitations=only)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        text = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
        messages.success(request, text % {"count": count})
    return redirect("events:invitation-list", slug=event.slug)


@login_required
@require_POST
def invitation_pause(request: HttpRequest, slug: str) -> HttpResponse:
    """Hold back what has not been sent yet."""
    event = access.get_event_for_staff(request.user, slug)
    services.pause_mails(user=person(request), event=event)
    messages.success(request, _("The mails of this event are paused."))
    return _back(request, event)


@login_required
@require_POST
def invitation_resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the mails go on."""
    event = access.get_event_for_staff(request.user, slug)
    act(
        request,
        lambda: services.resume_mails(user=person(request), event=event),
        _("The mails of this event go on."),
    )
    return _back(request, event)


def _back(request: HttpRequest, event: Event) -> HttpResponse:
    if "mailings" in request.POST:
        return redirect("events:mailing-list", slug=event.slug)
    return redirect("events:invitation-list", slug=event.slug)
