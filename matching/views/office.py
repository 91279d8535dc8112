"""Doors for staff: the start page of matching, exposure, the matrix, and untried pairs."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters.models import Cluster
from core.csv import csv_response
from matching import access, services
from matching.choices import Audience
from matching.forms import ExposureForm, UntriedForm
from matching.models import Round, Weights, WeightsDraft
from matching.office import exposure
from matching.office.matrix import build_matrix
from matching.office.untried import UntriedPairs
from matching.vectors import model_label

_CLUSTERS = 50
_PAIRS = 25


def _shown_round() -> Round | None:
    shown: Round | None = (
        Round.objects.complete().without_hashes().select_related("weights").first()
    )
    return shown


@login_required
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    """Lead staff to all tools, and say how the last round went."""
    access.require_staff(request.user)
    rounds = Round.objects.without_hashes().select_related("weights")
    newest = rounds.first()
    shown = _shown_round()
    rows = exposure.exposure_rows(shown, Audience.CLUSTERS)
    context = {
        "newest": newest,
        "shown": shown,
        "failure": services.failure_in_words(newest.failure) if newest else "",
        "current": Weights.current(),
        "text_model": model_label(),
        "texts_waiting": sum(services.stale_texts().values()),
        "drafts": WeightsDraft.objects.open().count(),
        "figures": exposure.exposure_figures(rows, shown, Audience.CLUSTERS) if shown else None,
    }
    return render(request, "matching/office.html", context)


@login_required
@require_safe
def exposure_list(request: HttpRequest) -> HttpResponse:
    """Show how often each cluster is suggested, and why some never are."""
    access.require_staff(request.user)
    form = ExposureForm(request.GET)
    shown = _shown_round()
    everybody = exposure.exposure_rows(shown, form.audience)
    rows = exposure.only_never(everybody) if form.chosen("only_never") else everybody
    order = request.GET.get("sort", "")
    found = exposure.sort_rows(exposure.with_data_marks(rows), order).select_related("district")
    page = Paginator(found.prefetch_related("innovation_fields"), _CLUSTERS).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "round": shown,
        "page_obj": page,
        "figures": exposure.exposure_figures(everybody, shown, form.audience),
        "why": exposure.why_never(list(page.object_list), shown),
        "sort": order if order in exposure.SORTS else "times",
        "columns": _columns(),
        "is_for_staff": form.audience == Audience.STAFF,
    }
    return render(request, "matching/exposure.html", context)


def _columns() -> list[tuple[str, str, bool]]:
    """Name of the order, label, and whether it is a number."""
    return [
        ("name", _("Cluster"), False),
        ("times", _("On lists of others"), True),
        ("other", _("of these from another field"), True),
        ("own", _("On its own list"), True),
    ]


@login_required
@require_safe
def exposure_table(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the whole table for spreadsheet programs."""
    access.require_staff(request.user)
    form = ExposureForm(request.GET)
    shown = _shown_round()
    rows = exposure.exposure_rows(shown, form.audience)
    if form.chosen("only_never"):
        rows = exposure.only_never(rows)
    found = exposure.sort_rows(exposure.with_data_marks(rows), request.GET.get("sort", ""))
    return csv_response(_("exposure"), _exposure_cells(found, shown))


def _exposure_cells(found: Any, shown: Round | None) -> Iterator[list[object]]:
    clusters = list(found.select_related("district").prefetch_related("innovation_fields"))
    why = exposure.why_never(clusters, shown)
    yield [
        *(label for _name, label, _is_number in _columns()),
        _("Innovation fields"),
        _("District"),
        _("Why never"),
    ]
    for cluster in clusters:
        yield [
            cluster.name,
            cluster.times,
            cluster.from_another_field,
            cluster.own,
            ", ".join(field.name for field in cluster.innovation_fields.all()),
            str(cluster.district or ""),
            "; ".join(why.get(cluster.pk, [])),
        ]


@login_required
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Show innovation fields × stages of the value chain, with holes."""
    access.require_staff(request.user)
    return render(request, "matching/matrix.html", {"matrix": build_matrix()})


@login_required
@require_safe
def untried_list(request: HttpRequest) -> HttpResponse:
    """Show pairs that have never worked together, the best first."""
    access.require_staff(request.user)
    form = UntriedForm(request.GET)
    shown = _shown_round()
    field, district = form.chosen("field"), form.chosen("district")
    pairs: Any = UntriedPairs(
        shown,
        Audience.CLUSTERS,
        field=field.pk if field else None,
        district=district.pk if district else None,
        across=bool(form.chosen("across")),
    )
    page = Paginator(pairs, _PAIRS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "round": shown,
        "page_obj": page,
        "pairs": list(page.object_list),
        "total": number_format(page.paginator.count, use_l10n=True, force_grouping=True),
        "clusters": Cluster.objects.suggestible().count(),
    }
    return render(request, "matching/untried.html", context)
