"""The directory of clusters, as a page and as a table."""

from __future__ import annotations

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters import directory
from clusters.choices import ClusterKind
from clusters.exports import cluster_table
from clusters.facets import Overview, overview
from clusters.filters import ClusterFilter
from clusters.models import Cluster
from core.csv import csv_response
from core.http import render_page

PAGE_SIZE = 24


@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """Show the clusters that meet the filters, a page of cards at a time."""
    filters = _filters(request)
    answer, words = overview(filters)
    page = _page(request, filters, answer)
    groups = directory.facets(filters, answer, words)
    query = directory.query(filters.data)
    context = {
        "answer": answer,
        "filters": filters,
        "facets": groups,
        "regions": directory.regions(filters, answer, words),
        "outside_map": directory.outside_map(answer),
        "chips": directory.chips(filters, groups),
        "sorts": directory.sorts(filters),
        "suggestions": directory.suggestions(filters, groups, words) if not answer.total else [],
        "page_obj": page,
        "field_names": {word.pk: word.label for word in words.fields},
        "district_names": {word.pk: word.label for word in words.districts},
        "kind_names": dict(ClusterKind.choices),
        "query": query,
        "crumbs": [(_("Clusters"), "")],
    }
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


def _filters(request: HttpRequest) -> ClusterFilter:
    return ClusterFilter(
        request.GET, queryset=Cluster.objects.visible_to(request.user), request=request
    )


class _CountedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of rows whose number is known already."""

    def __init__(self, rows: object, total: int) -> None:
        super().__init__(rows, PAGE_SIZE)  # type: ignore[arg-type]
        self._total = total

    @property
    def count(self) -> int:
        return self._total


def _page(request: HttpRequest, filters: ClusterFilter, answer: Overview) -> Page[Cluster]:
    """Return one page of cards; ranked answers are read by primary key, others in order."""
    if answer.ids is None:
        rows = filters.ordered(filters.filtered()).with_card_data()
        return _CountedPaginator(rows, answer.total).get_page(request.GET.get("page"))
    page = _CountedPaginator(answer.ids, len(answer.ids)).get_page(request.GET.get("page"))
    # The gate again: between the cached answer and this row somebody may have lost a right.
    found = filters.queryset.with_card_data().in_bulk(list(page.object_list))
    page.object_list = [found[pk] for pk in page.object_list if pk in found]
    return page
