"""Doors for managers: who wants to talk, asking, answering, dates, what came of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from matching import access, services
from matching.access import Seat
from matching.choices import IntroductionState, OutcomeKind
from matching.forms.introductions import AskForm, DatesForm, OutcomeForm, ReplyForm
from matching.introducing import calendars
from matching.introducing.contacts import is_reachable
from matching.introducing.introductions import line_of, pair_reasons, read_overview
from matching.models import Introduction


@login_required
@require_safe
def my_introductions(request: HttpRequest) -> HttpResponse:
    """Show who wants to talk to the person's clusters, whom they asked, and whom they know."""
    context = {"overview": read_overview(person(request))}
    return render(request, "matching/my_introductions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_create(request: HttpRequest, slug: str, partner: str) -> HttpResponse:
    """Ask a cluster for a talk, with a few words on why."""
    cluster, other = access.get_pair_for_asking(request.user, slug, partner)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask_introduction(
                user=person(request), asker=cluster, partner=other, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, asked_words(asked, other))
            return redirect(asked)
    context = {
        "cluster": cluster,
        "other": other,
        "form": form,
        "reasons": pair_reasons(cluster, other),
        "is_reachable": is_reachable(other),
    }
    status = 422 if form.errors else 200
    return render(request, "matching/introduction_form.html", context, status=status)


def asked_words(introduction: Introduction, other: object) -> str:
    """Return what follows from asking; both may have asked each other."""
    if introduction.state == IntroductionState.ASKED:
        return _("%(cluster)s has been asked.") % {"cluster": other}
    return _(
        "%(cluster)s wanted to talk to you too. You are introduced: a mail with the contact is on"
        " its way to both of you."
    ) % {"cluster": other}


@login_required
@require_safe
def introduction_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one introduction as its side may see it; staff is led to the page of the office."""
    introduction = access.get_introduction_for_view(request.user, pk)
    if request.user.is_staff and not _is_at_table(request, introduction):
        return redirect("matching:introduction-office", pk=pk)
    return _detail(request, access.get_seat(request.user, pk))


def _is_at_table(request: HttpRequest, introduction: Introduction) -> bool:
    return any(
        access.can_ask(request.user, cluster)
        for cluster in (introduction.asker, introduction.partner)
    )


def _detail(request: HttpRequest, seat: Seat, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "line": line_of(seat.introduction, seat.cluster),
        "reply_form": ReplyForm(),
        "outcome_form": OutcomeForm(),
        **forms,
    }
    return render(request, "matching/introduction_detail.html", context, status=status)


@login_required
@require_POST
def introduction_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a side's answer, given inside the portal."""
    seat = access.get_seat(request.user, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _detail(request, seat, 422, reply_form=form)
    act(request, lambda: store_reply(seat, form), replied_words(form))
    return redirect(seat.introduction)


def store_reply(seat: Seat, form: ReplyForm) -> Introduction:
    """Pass an answer on to its verb."""
    answer = form.cleaned_data["answer"]
    how: dict[str, Any] = {
        "user": seat.user,
        "introduction": seat.introduction,
        "cluster": seat.cluster,
    }
    if answer == "more_time":
        return services.ask_more_time(**how)
    words = form.cleaned_data["words"]
    return services.answer_introduction(**how, agree=answer == "agree", words=words)


def replied_words(form: ReplyForm) -> str:
    """Return what follows from an answer."""
    return {
        "agree": _("Thank you. You have agreed."),
        "decline": _("Thank you. You have declined; the other side is not told."),
        "more_time": _("You have two weeks more. The other side sees the new day."),
    }[form.cleaned_data["answer"]]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back, after asking."""
    introduction = access.get_introduction_for_withdrawal(request.user, pk)
    if request.method == "POST":
        act(
            request,
            lambda: services.withdraw_introduction(user=person(request), introduction=introduction),
            _("The request is withdrawn."),
        )
        return redirect(introduction)
    context = {
        "title": _("Withdraw the request?"),
        "text": _(
            "The other side is told that there is nothing to answer any more. You may ask again"
            " after 30 days."
        ),
        "submit_label": _("Withdraw"),
        "cancel_url": introduction.get_absolute_url(),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_POST
def introduction_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Store what a side says has come of it."""
    seat = access.get_seat(request.user, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _detail(request, seat, 422, outcome_form=form)
    act(request, lambda: store_outcome(seat, form), _("Thank you. It is noted."))
    return redirect(seat.introduction)


def store_outcome(seat: Seat, form: OutcomeForm) -> Introduction:
    """Pass what came of it on to its verb."""
    data = form.cleaned_data
    return services.record_outcome(
        user=seat.user,
        introduction=seat.introduction,
        cluster=seat.cluster,
        kind=OutcomeKind(data["kind"]),
        note=data["note"],
        show_on_profiles=data["show_on_profiles"],
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose dates for the talk."""
    seat = access.get_seat(request.user, pk)
    form = DatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_dates(
                user=seat.user,
                introduction=seat.introduction,
                cluster=seat.cluster,
                **form.values(),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The dates are proposed; the other side gets a mail."))
            return redirect(seat.introduction)
    context = {"form": form, "line": line_of(seat.introduction, seat.cluster)}
    status = 422 if form.errors else 200
    return render(request, "matching/introduction_dates.html", context, status=status)


@login_required
@require_POST
def introduction_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which proposed dates suit; what suits both is fixed."""
    seat = access.get_seat(request.user, pk)
    fitting = {int(value) for value in request.POST.getlist("date") if value.isdecimal()}
    try:
        fixed = services.choose_dates(
            user=seat.user,
            introduction=seat.introduction,
            cluster=seat.cluster,
            fitting=fitting,
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        done = _("The date is fixed. Both sides get it by mail.") if fixed else _("It is noted.")
        messages.success(request, done)
    return redirect(seat.introduction)


@login_required
@require_safe
def introduction_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the fixed date, or those proposed, as a calendar file."""
    introduction = access.get_introduction_for_view(request.user, pk)
    content = calendars.appointments_calendar(
        introduction, calendars.dates_to_show(introduction) if introduction.is_agreed else []
    )
    if not content:
        messages.info(request, _("No dates are proposed."))
        return redirect(reverse("matching:introduction-detail", args=[pk]))
    response = HttpResponse(content, content_type=calendars.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="introduction-{pk}.ics"'
    return response
