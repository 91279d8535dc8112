"""Doors for reminders and other mails to a segment of an event's people."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from core.http import render_page
from events import access, services, tasks
from events.choices import MailOccasion
from events.forms.mailings import MailingForm
from events.models import Event
from events.segments import LABELS, OFFERED, addressees, counts
from events.views.pages import page_of

_SAMPLE = 20


@login_required
@require_safe
def mailing_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show planned, running and past mailings; htmx looks again while mails are on their way."""
    event = access.get_event_for_staff(request.user, slug)
    mailings: Any = event.mailings.with_progress().order_by("-scheduled_at", "-pk")
    page = page_of(request, mailings)
    for mailing in page:
        mailing.who = [LABELS[part] for part in mailing.segment["who"] if part in LABELS]
        mailing.done = mailing.total - mailing.pending
    context = {
        "event": event,
        "page_obj": page,
        "poll": any(mailing.started_at and mailing.pending for mailing in page),
        "occasions": [(value, MailOccasion(value).label) for value in OFFERED],
    }
    return render_page(
        request, "events/mailing_list.html", "events/partials/_mailings.html", context
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mailing_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose who and when, see how many that is, then confirm the number."""
    event = access.get_event_for_staff(request.user, slug)
    given = request.POST if request.method == "POST" else request.GET
    occasion = given.get("occasion", "")
    occasion = occasion if occasion in OFFERED else MailOccasion.REMINDER.value
    form = MailingForm(
        request.POST if request.method == "POST" else None,
        occasion=occasion,
        counts=counts(event, OFFERED[occasion]),
        ticked=given.getlist("only"),
    )
    context: dict[str, Any] = {"event": event, "form": form, "occasion": MailOccasion(occasion)}
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        people = list(addressees(event, form.segment()))
        if request.POST.get("confirmed") == str(len(people)) and _plan(
            request, event, occasion, form
        ):
            return redirect("events:mailing-list", slug=slug)
        if not form.errors:
            context |= {"people": people[:_SAMPLE], "count": len(people)}
            context["changed_meanwhile"] = "confirmed" in request.POST
            context["hidden"] = [
                (name, value)
                for name in ("occasion", "who", "when", "at", "only")
                for value in request.POST.getlist(name)
            ]
            return render(request, "events/mailing_preview.html", context)
    status = 422 if form.errors and "change" not in request.POST else 200
    return render(request, "events/mailing_create.html", context, status=status)


def _plan(request: HttpRequest, event: Event, occasion: str, form: MailingForm) -> bool:
    at = form.cleaned_data["at"]
    try:
        mailing = services.plan_mailing(
            user=person(request), event=event, occasion=occasion, segment=form.segment(), at=at
        )
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    if at is None:
        tasks.run_mailing.delay_on_commit(mailing.pk)  # type: ignore[attr-defined]
        messages.success(request, _("The mails are on their way."))
    else:
        messages.success(request, _("Planned. Who gets the mail is worked out on that day."))
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mailing_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once, then take a planned mailing back."""
    mailing = access.get_mailing_for_staff(request.user, slug, pk)
    if request.method == "POST":
        act(
            request,
            lambda: services.cancel_mailing(user=person(request), mailing=mailing),
            _("The mailing was taken back. Nobody gets it."),
        )
        return redirect("events:mailing-list", slug=slug)
    context = {
        "title": _("Take this mailing back?"),
        "text": _("It has not begun yet, so nobody gets it."),
        "submit_label": _("Take it back"),
        "cancel_url": reverse("events:mailing-list", args=[slug]),
    }
    return render(request, "components/confirm.html", context)
