"""Doors for staff: all introductions, proposing some, the joint mail, the funnel."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters.access import require_staff
from clusters.views.shared import act, person
from core.csv import csv_response
from core.errors import DomainError
from matching import access, services
from matching.choices import OutcomeKind
from matching.forms.introductions import (
    IntroductionFilterForm,
    JointMailForm,
    OutcomeForm,
    ProposeForm,
)
from matching.introducing import funnel
from matching.introducing.contacts import contacts_of
from matching.introducing.joint_text import joint_text
from matching.introduction_filters import filtered
from matching.models import Outcome

PAGE_SIZE = 25


@login_required
@require_safe
def introduction_list(request: HttpRequest) -> HttpResponse:
    """List all introductions, the newest first, by state, origin, age and cluster."""
    require_staff(request.user)
    form = IntroductionFilterForm(request.GET)
    page = Paginator(filtered(form), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "is_filtered": form.has_changed()}
    return render(request, "matching/introduction_list.html", context)


@login_required
@require_safe
def introduction_office(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything about one introduction, both answers included."""
    introduction = access.get_introduction_for_staff(request.user, pk)
    return _office(request, introduction)


def _office(
    request: HttpRequest, introduction: Any, status: int = 200, form: Any = None
) -> HttpResponse:
    contacts = contacts_of([introduction])
    context = {
        "introduction": introduction,
        "sides": [
            {
                "cluster": cluster,
                "answer": getattr(introduction, f"get_{side}_answer_display")() or _("no answer"),
                "answered_at": getattr(introduction, f"{side}_answered_at"),
                "person": getattr(introduction, f"{side}_person"),
                "contacts": contacts.get((introduction.pk, cluster.pk), []),
            }
            for side, cluster in (
                ("asker", introduction.asker),
                ("partner", introduction.partner),
            )
        ],
        "dates": list(introduction.appointments.all()),
        "outcomes": list(introduction.outcomes.select_related("cluster", "recorded_by")),
        "outcome_form": form or OutcomeForm(),
    }
    return render(request, "matching/introduction_office.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_propose(request: HttpRequest) -> HttpResponse:
    """Propose a talk to two clusters; both must agree."""
    require_staff(request.user)
    initial = {"one": request.GET.get("one", ""), "other": request.GET.get("other", "")}
    form = ProposeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.propose_introduction(user=person(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Both clusters have been asked."))
            return redirect("matching:introduction-office", pk=made.pk)
    status = 422 if form.errors else 200
    return render(request, "matching/introduction_propose.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def introduction_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the joint mail, look at it, and send it."""
    introduction = access.get_introduction_for_staff(request.user, pk)
    texts = {f"text_{code}": joint_text(introduction, code) for code in ("de", "en")}
    form = JointMailForm(request.POST if request.method == "POST" else None, initial=texts)
    is_looked_at = request.method == "POST" and form.is_valid()
    if is_looked_at and "send" in request.POST:
        try:
            services.send_joint_mail(
                user=person(request), introduction=introduction, **form.values()
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The mail is on its way to both sides."))
            return redirect("matching:introduction-office", pk=pk)
    context = {
        "introduction": introduction,
        "form": form,
        "preview": form.values() if is_looked_at and not form.errors else None,
        "contacts": contacts_of([introduction]),
    }
    status = 422 if form.errors else 200
    return render(request, "matching/introduction_mail.html", context, status=status)


@login_required
@require_POST
def introduction_office_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what came of an introduction, as staff heard it."""
    introduction = access.get_introduction_for_staff(request.user, pk)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _office(request, introduction, 422, form)
    data = form.cleaned_data
    act(
        request,
        lambda: services.record_outcome(
            user=person(request),
            introduction=introduction,
            kind=OutcomeKind(data["kind"]),
            note=data["note"],
            show_on_profiles=data["show_on_profiles"],
        ),
        _("It is noted."),
    )
    return redirect("matching:introduction-office", pk=pk)


@login_required
@require_POST
def outcome_remove(request: HttpRequest, pk: int, outcome: int) -> HttpResponse:
    """Take an outcome back that was recorded by mistake."""
    introduction = access.get_introduction_for_staff(request.user, pk)
    row = get_object_or_404(Outcome, pk=outcome, introduction=introduction)
    act(
        request,
        lambda: services.remove_outcome(user=person(request), outcome=row),
        _("The outcome is removed. What profiles show stays as it is."),
    )
    return redirect("matching:introduction-office", pk=pk)


@login_required
@require_safe
def introduction_funnel(request: HttpRequest) -> HttpResponse:
    """Show how many suggestions became talks and cooperation, beside the European figures."""
    require_staff(request.user)
    period = funnel.Period.read(request.GET)
    context = {
        "period": period,
        "periods": funnel.PERIODS,
        "steps": funnel.read_funnel(period),
        "months": funnel.read_months(period),
        "yardstick": funnel.YARDSTICK,
    }
    return render(request, "matching/introduction_funnel.html", context)


@login_required
@require_safe
def introduction_funnel_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the funnel as a table."""
    require_staff(request.user)
    period = funnel.Period.read(request.GET)
    return csv_response("introductions", funnel.table(period))
