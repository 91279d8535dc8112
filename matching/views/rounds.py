"""Doors for staff: start a round, follow it, and compare two."""

from math import ceil
from time import time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.http import render_page
from matching import access, services, tasks
from matching.choices import RoundState
from matching.forms import CompareForm
from matching.models import Round
from matching.office import comparison
from matching.office.effect_page import figure_rows, side_by_side

_ROUNDS = 20
_CLUSTERS = 10
_EXPECTED = 60
"""Seconds in which a page looks for the round that was asked for."""


@login_required
@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Show rounds with their state, and how far the one under way has come."""
    access.require_staff(request.user)
    rounds = Round.objects.without_hashes().select_related("weights")
    counted = rounds.annotate(
        parts=Count("shards"), parts_done=Count("shards", filter=Q(shards__done_at__isnull=False))
    ).order_by("-pk")
    page = Paginator(counted, _ROUNDS).get_page(request.GET.get("page"))
    for shown in page:
        shown.words = services.failure_in_words(shown.failure)
        if shown.completed_at:
            shown.seconds = ceil((shown.completed_at - shown.started_at).total_seconds())
    complete = [shown for shown in page if shown.state == RoundState.COMPLETE]
    context: dict[str, object] = {
        "page_obj": page,
        "running": next((shown for shown in page if shown.state == RoundState.RUNNING), None),
        "shown": complete[0] if complete else None,
        "can_compare": len(complete) > 1,
        "expected": _is_expected(request.GET.get("asked", "")),
    }
    return render_page(
        request, "matching/round_list.html", "matching/partials/_rounds.html", context
    )


def rounds_after_asking() -> str:
    """Return the address of the list that looks for the new round by itself for a while."""
    return f"{reverse('matching:round-list')}?asked={int(time())}"


def _is_expected(asked: str) -> bool:
    """Tell whether a round was asked for so recently that it may still begin."""
    return asked.isdecimal() and len(asked) < 12 and 0 <= time() - int(asked) < _EXPECTED


@login_required
@require_POST
def round_run(request: HttpRequest) -> HttpResponse:
    """Ask for a round; where nothing has changed since the last one, there is nothing to do."""
    access.require_staff(request.user)
    tasks.compute_suggestions.delay_on_commit()  # type: ignore[attr-defined]
    messages.success(
        request,
        _(
            "A round was asked for. It starts within seconds; if nothing has changed since the last"
            " one, that one stays."
        ),
    )
    return redirect(rounds_after_asking())


@login_required
@require_safe
def round_compare(request: HttpRequest) -> HttpResponse:
    """Show what differs between the lists of two rounds; the two newest where none are chosen."""
    access.require_staff(request.user)
    rounds = Round.objects.complete().without_hashes().select_related("weights")
    newest = list(rounds[:2])
    context: dict[str, object] = {"rounds": newest}
    if len(newest) == 2:
        query = {"after": newest[0].pk, "before": newest[1].pk, **request.GET.dict()}
        form = CompareForm(query, rounds=rounds)
        context["form"] = form
        if form.is_valid():
            context |= _compared(request, form)
    return render(request, "matching/round_compare.html", context)


def _compared(request: HttpRequest, form: CompareForm) -> dict[str, object]:
    before, after = form.cleaned_data["before"], form.cleaned_data["after"]
    found = comparison.compare_rounds(before, after, form.audience, form.list_kind)
    page = Paginator(found.changed, _CLUSTERS).get_page(request.GET.get("page"))
    owners = list(page.object_list)
    return {
        "before": before,
        "after": after,
        "summary": found,
        "figures": figure_rows(comparison.compared_figures(found)),
        "page_obj": page,
        "samples": side_by_side(owners, found.lists(owners)),
    }
