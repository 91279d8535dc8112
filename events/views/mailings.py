"""Doors for staff: reminders, news before and thanks after an event."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from core.http import render_page
from events import access, dates, segments, services, tasks
from events.choices import MailOccasion
from events.forms import MailingForm
from events.models import Event, Mailing

_ROWS = 50
_SAMPLE = 20
_OCCASIONS = (MailOccasion.REMINDER, MailOccasion.BEFORE, MailOccasion.AFTER)


@login_required
@require_safe
def mailing_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was sent, what is planned, and what could be sent next."""
    event = access.get_event_for_staff(request.user, slug)
    mailings = Mailing.objects.filter(event=event).with_numbers()
    is_over = dates.is_over(event)
    context = {
        "event": event,
        "page_obj": Paginator(mailings, _ROWS).get_page(request.GET.get("page")),
        "unanswered": 0 if is_over else segments.count_unanswered(event),
        "occasions": [o for o in _OCCASIONS if (o == MailOccasion.AFTER) or not is_over],
        "is_over": is_over,
    }
    return render(request, "events/mailing_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mailing_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose to whom and when, look at the number, and confirm it."""
    event = access.get_event_for_staff(request.user, slug)
    given = request.POST or request.GET
    if given.get("occasion", "") not in _OCCASIONS:
        raise Http404
    kind = MailOccasion(given["occasion"])
    if request.method == "POST":
        form = MailingForm(request.POST, event=event, occasion=kind)
    else:
        ticked = {"only": request.GET.getlist("only")[:_ROWS]}
        form = MailingForm(event=event, occasion=kind, initial=ticked)
    context: dict[str, Any] = {"event": event, "occasion": kind, "form": form}
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        if "send" in request.POST and (planned := _plan(request, event, kind, form)):
            return redirect("events:mailing-detail", slug=slug, pk=planned.pk)
        context["chosen"] = services.preview_mailing(event, kind, form.segment())
        context["sample"] = context["chosen"].members[:_SAMPLE]
        context["moment"] = form.moment()
    status = 422 if form.errors and "change" not in request.POST else 200
    return render(request, "events/mailing_form.html", context, status=status)


def _plan(
    request: HttpRequest, event: Event, kind: MailOccasion, form: MailingForm
) -> Mailing | None:
    """Plan the mailing; where that is not possible, tell the form why."""
    expected = request.POST.get("confirmed", "")
    try:
        planned: Mailing = services.plan_mailing(
            user=person(request),
            event=event,
            occasion=kind,
            segment=form.segment(),
            scheduled_at=form.moment(),
            expected=int(expected) if expected.isdecimal() else -1,
        )
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return None
    if planned.scheduled_at <= timezone.now():
        tasks.run_mailing.delay_on_commit(planned.pk)  # type: ignore[attr-defined]
        messages.success(request, _("The mails are on their way."))
    else:
        messages.success(request, _("The mailing is planned."))
    return planned


@login_required
@require_safe
def mailing_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show where each mail of a mailing stands; htmx fetches the changing part again."""
    mailing = access.get_mailing_for_staff(request.user, slug, pk)
    event = mailing.event
    rows: Any = mailing.mails.all()
    totals = rows.totals()
    lines = rows.with_delivery().select_related("mail").order_by("email", "pk")
    begins_soon = mailing.started_at is None and mailing.scheduled_at <= timezone.now()
    moves = totals["pending"] and event.invitations_paused_at is None
    planned = None
    if mailing.started_at is None:
        segment = segments.Segment.from_choice(mailing.segment)
        planned = len(services.preview_mailing(event, mailing.occasion, segment).members)
    context = {
        "event": event,
        "mailing": mailing,
        "planned": planned,
        "totals": totals,
        "done": totals["sent"] + totals["failed"],
        "page_obj": Paginator(lines, _ROWS).get_page(request.GET.get("page")),
        "poll": 2 if begins_soon or moves else 0,
    }
    return render_page(
        request, "events/mailing_detail.html", "events/partials/_mailing.html", context
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mailing_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then forget a mailing that has not begun."""
    mailing = access.get_mailing_for_staff(request.user, slug, pk)
    back = reverse("events:mailing-list", args=[slug])
    if request.method == "POST":
        act(
            request,
            lambda: services.call_off_mailing(user=person(request), mailing=mailing),
            _("The mailing is called off."),
        )
        return redirect(back)
    context = {
        "title": _("Call this mailing off?"),
        "text": f"{mailing.get_occasion_display()}, {dates.moment(mailing.scheduled_at)}",
        "submit_label": _("Call off"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_POST
def mailing_resend(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send the mails of a mailing again that could not be delivered."""
    mailing = access.get_mailing_for_staff(request.user, slug, pk)
    count = services.send_mailing_again(user=person(request), mailing=mailing)
    text = ngettext("%(count)d mail is sent again.", "%(count)d mails are sent again.", count)
    messages.success(request, text % {"count": count})
    return redirect("events:mailing-detail", slug=slug, pk=pk)
