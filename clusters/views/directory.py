"""The directory of clusters, as a page and as a table."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters import directory
from clusters.choices import ClusterKind
from clusters.exports import cluster_table
from clusters.facets import Answered, Overview, answer
from clusters.filters import ClusterFilter
from clusters.models import Cluster
from core.csv import csv_response
from core.http import render_page

PAGE_SIZE = 25


@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """Show the clusters that meet the filters, a page of cards at a time."""
    filters = _filters(request)
    query = directory.query(filters.data)
    known = answer(filters)
    groups = SimpleLazyObject(lambda: directory.facets(filters, known.overview, known.words))
    page = _page(request, known.overview)
    context: dict[str, object] = {
        "answer": known.overview,
        "filters": filters,
        "panel": known.drawn(f"panel {query}", lambda: _draw_panel(filters, known, groups)),
        "cards": known.drawn(f"cards {page.number}", lambda: _draw_cards(filters, known, page)),
        "chips": directory.chips(filters, groups) if query else [],
        "sorts": directory.sorts(filters),
        "page_obj": page,
        "query": query,
        "crumbs": [(_("Clusters"), "")],
    }
    if not known.overview.total:
        context["nothing"] = known.drawn(
            f"nothing {query}", lambda: _draw_nothing(filters, known, groups)
        )
    response = render_page(
        request, "clusters/directory.html", "clusters/partials/_directory_answer.html", context
    )
    response["HX-Push-Url"] = f"{reverse('clusters:cluster-list')}{'?' if query else ''}{query}"
    return response


@require_safe
def cluster_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Hand out the clusters that meet the filters as a table, all pages of them."""
    filters = _filters(request)
    if not filters.is_valid():
        return HttpResponseBadRequest(
            _("One of the filters is not known. Please start again from the directory."),
            content_type="text/plain; charset=utf-8",
        )
    clusters = filters.filtered().by_name()
    return csv_response(_("clusters"), cluster_table(clusters))


def _draw_panel(filters: ClusterFilter, known: Answered, groups: object) -> str:
    """Draw map and facets."""
    context = {
        "facets": groups,
        "regions": directory.regions(filters, known.overview, known.words),
        "outside_map": directory.outside_map(known.overview),
    }
    return render_to_string("clusters/partials/_facets.html", context)


def _draw_cards(filters: ClusterFilter, known: Answered, page: Page[int]) -> str:
    """Draw the cards of one page; ranked answers are read by primary key, others in order."""
    places = slice(page.object_list[0], page.object_list[-1] + 1) if page.object_list else slice(0)
    ids = known.overview.ids
    rows: Iterable[Cluster]
    if ids is None:
        rows = filters.ordered(filters.filtered()).with_card_data()[places]
    else:
        found = filters.queryset.with_card_data().in_bulk(ids[places])
        rows = [found[pk] for pk in ids[places] if pk in found]
    context = {
        "clusters": rows,
        "field_names": {word.pk: word.label for word in known.words.fields},
        "district_names": {word.pk: word.label for word in known.words.districts},
        "kind_names": dict(ClusterKind.choices),
    }
    return render_to_string("clusters/partials/_cards.html", context)


def _draw_nothing(filters: ClusterFilter, known: Answered, groups: object) -> str:
    """Draw what to try when no cluster was found."""
    suggestions = directory.suggestions(filters, groups, known.words)
    return render_to_string("clusters/partials/_nothing.html", {"suggestions": suggestions})


def _filters(request: HttpRequest) -> ClusterFilter:
    return ClusterFilter(
        request.GET, queryset=Cluster.objects.visible_to(request.user), request=request
    )


def _page(request: HttpRequest, overview: Overview) -> Page[int]:
    """Return the page asked for, as the places of its rows in the whole answer."""
    places = range(overview.total if overview.ids is None else len(overview.ids))
    return Paginator(places, PAGE_SIZE).get_page(request.GET.get("page"))
