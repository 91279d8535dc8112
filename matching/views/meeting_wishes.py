"""Doors for participants: join, mark wishes, own timetable, feedback; by link, or signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from events.models import Registration
from events.tokens import make_registration_token
from matching import access, services
from matching.forms import JoinForm, MarksForm, MeetingFeedbackForm
from matching.meetings.calendars import for_download
from matching.meetings.own import own_meetings
from matching.meetings.reading import taking_part
from matching.meetings.suggesting import Partner, partners_of
from matching.models import MeetingParticipant, MeetingPlan

_FORM = ["GET", "HEAD", "POST"]
_ROWS = 30


@login_required
@require_safe
def my_meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead a person signed in to their own page about meetings."""
    registration = access.get_own_registration_for_meetings(person(request), slug)
    token = make_registration_token(registration.pk)
    return redirect("matching:meeting-wishes", token=token)


def _secret(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@never_cache
@require_http_methods(_FORM)
def meeting_wishes(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever holds the link of a registration join and mark whom they would like to meet."""
    registration, plan = access.get_registration_for_meetings(token)
    me = access.own_participant(registration, plan)
    posts = request.method == "POST"
    joins = posts and request.POST.get("act") == "join"
    partners = partners_of(me, taking_part(plan)) if me else []
    page = _page(request, partners) if me else None
    join = JoinForm(request.POST if joins else None, plan=plan, me=me)
    if posts and not joins:
        # Whoever was on the page when it was opened, even if others joined and moved the list.
        shown = [one for one in partners if f"mark_{one.pk}" in request.POST]
        marks = MarksForm(request.POST, partners=shown)
    else:
        marks = MarksForm(partners=list(page or ()))
    form = join if joins else marks
    if posts and form.is_valid():
        done = _join(request, registration, join) if joins else _mark(request, registration, marks)
        if done is not None:
            return done
    context = {
        **_facts(registration, plan, me, token),
        "join": join,
        "form": form,
        "marks": marks,
        "page_obj": page,
        "q": request.GET.get("q", "")[:100],
    }
    status = 422 if posts and form.errors else 200
    return _secret(render(request, "matching/meeting_wishes.html", context, status=status))


def _facts(
    registration: Registration, plan: MeetingPlan, me: MeetingParticipant | None, token: str
) -> dict[str, Any]:
    return {
        "registration": registration,
        "event": plan.event,
        "plan": plan,
        "me": me,
        "token": token,
        "is_open": services.takes_wishes(plan),
    }


def _page(request: HttpRequest, partners: list[Partner]) -> Page[Any]:
    """Return the people on this page of the list."""
    words = request.GET.get("q", "").strip().lower()
    found = [
        one
        for one in partners
        if words in f"{one.name} {one.cluster} {one.person.introduction}".lower()
    ]
    return Paginator(found, _ROWS).get_page(request.GET.get("page"))


def _join(
    request: HttpRequest, registration: Registration, form: JoinForm
) -> HttpResponseRedirect | None:
    try:
        services.join_meetings(
            registration=registration,
            introduction=form.cleaned_data["introduction"],
            there=form.cleaned_data["there"],
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
    messages.success(request, _("You take part. Now mark whom you would like to meet."))
    return HttpResponseRedirect(request.path)


def _mark(
    request: HttpRequest, registration: Registration, form: MarksForm
) -> HttpResponseRedirect | None:
    try:
        wanted = services.save_meeting_wishes(registration=registration, marks=form.marks())
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    words = ngettext(
        "Saved. You would like to meet %(count)d person.",
        "Saved. You would like to meet %(count)d people.",
        wanted,
    )
    messages.success(request, words % {"count": wanted})
    return HttpResponseRedirect(request.get_full_path())


@never_cache
@require_safe
def meeting_timetable(request: HttpRequest, token: str) -> HttpResponse:
    """Show a person their meetings as published, with a form for each that is over."""
    registration, plan = access.get_registration_for_meetings(token)
    me = access.own_participant(registration, plan)
    rows = [
        (one, MeetingFeedbackForm(meeting=one.meeting, feedback=one.feedback))
        for one in own_meetings(me)
    ]
    context = {**_facts(registration, plan, me, token), "rows": rows}
    return _secret(render(request, "matching/meeting_timetable.html", context))


@never_cache
@require_POST
def meeting_feedback(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Store how a meeting was."""
    registration, plan = access.get_registration_for_meetings(token)
    me = access.own_participant(registration, plan)
    back = redirect(f"{reverse('matching:meeting-timetable', args=[token])}#meeting-{pk}")
    if me is None:
        return back
    meeting = access.get_own_meeting(me, pk)
    form = MeetingFeedbackForm(request.POST, meeting=meeting, feedback=None)
    if form.is_valid():
        values = form.cleaned_data
        act(
            request,
            lambda: services.save_feedback(participant=me, meeting=meeting, **values),
            _("Thank you. The other side does not see this."),
        )
    else:
        messages.error(request, _("Please choose whether the meeting took place."))
    return back


@never_cache
@require_safe
def meeting_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Send a person's meetings as a calendar file, an entry each."""
    registration, plan = access.get_registration_for_meetings(token)
    me = access.own_participant(registration, plan)
    meetings = [one.meeting for one in own_meetings(me)]
    content = for_download(plan, me, meetings) if me else b""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="meetings.ics"'
    return _secret(response)


@never_cache
@require_http_methods(_FORM)
def meeting_leave(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, then let a person take no part in the meetings any more."""
    registration, _plan = access.get_registration_for_meetings(token)
    back = reverse("matching:meeting-wishes", args=[token])
    if request.method == "POST":
        act(
            request,
            lambda: services.leave_meetings(registration=registration),
            _("You take no part in the meetings any more. You are still registered."),
        )
        return redirect(back)
    context = {
        "title": _("Take no part in the meetings?"),
        "text": _("Your partners are told by the office. You stay registered for the event."),
        "submit_label": _("Take no part"),
        "cancel_url": back,
    }
    return _secret(render(request, "components/confirm.html", context))
