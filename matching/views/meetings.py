"""Doors for staff: set up meetings, compute, look, publish."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import act, person
from core.csv import csv_response
from core.errors import DomainError
from core.http import render_page
from core.xlsx import xlsx_response
from matching import access, services, tasks
from matching.choices import Keep
from matching.forms import MeetingPlanForm
from matching.meetings.board import Board
from matching.meetings.defaults import new_plan
from matching.meetings.exports import meeting_table
from matching.meetings.overview import filtered, is_on_another_day, progress_of
from matching.meetings.words import bound_text
from matching.models import MeetingPlan

_FORM = ["GET", "HEAD", "POST"]
_ROWS = 25


@login_required
@require_safe
def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """Show wishes, the timetable, who got what, and what is missing and why."""
    event = access.get_event_for_meetings(request.user, slug)
    plan = MeetingPlan.objects.filter(event=event).first()
    if plan is None:
        return render(request, "matching/meetings_none.html", {"event": event})
    plan.event = event
    # Asked first: a timetable that comes in between is shown, or asked for once more.
    solving = progress_of(services.current_solving(plan))
    board = Board(plan)
    context: dict[str, Any] = {
        "event": event,
        "plan": plan,
        "board": board,
        "solving": solving,
        "change": services.change_by_publishing(plan=plan),
        "bound": bound_text(plan.figures) if "wishes_bound" in plan.figures else "",
        "off_day": is_on_another_day(plan),
        "is_open": services.takes_wishes(plan),
        "has_begun": plan.starts_at <= timezone.now(),
        "feedback": services.feedback_figures(plan),
        "to_ask": services.people_to_ask(plan).count(),
        "page_obj": Paginator(filtered(board, request.GET), _ROWS).get_page(
            request.GET.get("page")
        ),
        "q": request.GET.get("q", "")[:100],
        "got": request.GET.get("got", ""),
    }
    return render_page(
        request, "matching/meetings.html", "matching/partials/_timetable.html", context
    )


@login_required
@require_http_methods(_FORM)
def meeting_setup(request: HttpRequest, slug: str) -> HttpResponse:
    """Set up the meetings of an event, or change them."""
    event = access.get_event_for_meetings(request.user, slug)
    plan = MeetingPlan.objects.filter(event=event).first()
    initial = MeetingPlanForm.initial_of(plan or new_plan(event))
    form = MeetingPlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_plan(user=person(request), event=event, values=form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("The meetings are set up. Nobody has been told."))
            return redirect("matching:meetings", slug=slug)
    context = {"event": event, "plan": plan, "form": form}
    status = 422 if form.errors else 200
    return render(request, "matching/meeting_setup.html", context, status=status)


@login_required
@require_http_methods(_FORM)
def meeting_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, then call the meetings off."""
    plan = access.get_plan_for_staff(request.user, slug)
    back = reverse("matching:meetings", args=[slug])
    if request.method == "POST":
        act(
            request,
            lambda: services.delete_plan(user=person(request), event=plan.event),
            _("This event has no 1:1 meetings any more."),
        )
        return redirect(back)
    context = {
        "title": _("Call the meetings off?"),
        "text": _("Wishes and the draft are lost. Nobody is told."),
        "submit_label": _("Call the meetings off"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)


def _ask(request: HttpRequest, slug: str, verb: Any, texts: dict[str, str]) -> HttpResponse:
    """Show how many mails would go out; send them on POST."""
    plan = access.get_plan_for_staff(request.user, slug)
    back = reverse("matching:meetings", args=[slug])
    if request.method == "POST":
        try:
            told = verb(user=person(request), event=plan.event)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            words = ngettext(
                "%(count)d mail is on its way.", "%(count)d mails are on their way.", told
            )
            messages.success(request, words % {"count": told})
        return redirect(back)
    return render(
        request, "components/confirm.html", {**texts, "cancel_url": back, "danger": False}
    )


@login_required
@require_http_methods(_FORM)
def meeting_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask everybody who is registered whom they would like to meet."""
    texts = {
        "title": _("Ask for wishes?"),
        "text": _(
            "Everybody who is registered gets a mail with a personal link. Whoever left the"
            " meetings gets none."
        ),
        "submit_label": _("Send the mails"),
    }
    return _ask(request, slug, services.ask_for_wishes, texts)


@login_required
@require_http_methods(_FORM)
def meeting_ask_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask everybody who had meetings how they were."""
    texts = {
        "title": _("Ask how the meetings were?"),
        "text": _("Everybody who had meetings gets a mail with a personal link."),
        "submit_label": _("Send the mails"),
    }
    return _ask(request, slug, services.ask_for_feedback, texts)


@login_required
@require_POST
def meeting_compute(request: HttpRequest, slug: str) -> HttpResponse:
    """Have a timetable computed by a worker."""
    plan = access.get_plan_for_staff(request.user, slug)
    keep = Keep.ALL if request.POST.get("keep") == Keep.ALL else Keep.LOCKED
    try:
        asked = services.ask_for_timetable(user=person(request), event=plan.event, keep=keep)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        tasks.run_solving.delay_on_commit(asked.pk)  # type: ignore[attr-defined]
    return redirect("matching:meetings", slug=slug)


@login_required
@require_POST
def meeting_stop(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop a computation; its best timetable so far becomes the draft."""
    plan = access.get_plan_for_staff(request.user, slug)
    act(
        request,
        lambda: services.stop_solving(user=person(request), event=plan.event),
        _("The computation stops. What it has found so far becomes the draft."),
    )
    return redirect("matching:meetings", slug=slug)


@login_required
@require_http_methods(_FORM)
def meeting_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how many people are told, then publish."""
    plan = access.get_plan_for_staff(request.user, slug)
    back = reverse("matching:meetings", args=[slug])
    if request.method == "POST":
        try:
            told = services.publish_meetings(user=person(request), event=plan.event).people
        except DomainError as error:
            messages.error(request, error.message)
        else:
            words = ngettext("%(count)d person is told.", "%(count)d people are told.", told)
            text = _("The timetable is published.") + " " + words % {"count": told}
            messages.success(request, text)
        return redirect(back)
    change = services.change_by_publishing(plan=plan)
    context = {"event": plan.event, "plan": plan, "change": change, "cancel_url": back}
    return render(request, "matching/meeting_publish.html", context)


@login_required
@require_safe
def meeting_print(request: HttpRequest, slug: str) -> HttpResponse:
    """Show lists to print: a page a person, a page a table, or one list for the wall."""
    plan = access.get_plan_for_staff(request.user, slug)
    view = request.GET.get("view", "wall")
    view = view if view in ("people", "tables", "wall") else "wall"
    context = {"event": plan.event, "plan": plan, "board": Board(plan), "view": view}
    return render(request, "matching/meeting_print.html", context)


@login_required
@require_safe
def meeting_table_file(request: HttpRequest, slug: str, ending: str) -> HttpResponseBase:
    """Send the timetable as CSV or as a workbook."""
    plan = access.get_plan_for_staff(request.user, slug)
    rows = list(meeting_table(Board(plan)))
    name = f"meetings-{slug}"
    return csv_response(name, rows) if ending == "csv" else xlsx_response(name, rows)
