"""Pages with suggested partners."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from matching import access
from matching.choices import Audience
from matching.models import Weights
from matching.suggesting.list_page import build_list_page
from matching.vectors import model_label

CLUSTERS_ON_A_PAGE = 50


@login_required
@require_safe
def suggestion_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a cluster's suggested partners to its people, or staff's list to staff."""
    cluster = access.get_cluster_for_suggestions(request.user, slug)
    context = build_list_page(request.user, cluster)
    return render(request, "matching/suggestion_list.html", context)


@login_required
@require_safe
def my_suggestions(request: HttpRequest) -> HttpResponse:
    """Lead to the list of one's only cluster, or let people choose; staff chooses among all."""
    clusters = access.clusters_with_suggestions(request.user)
    words = request.GET.get("q", "").strip()
    if access.audience_of(request.user) == Audience.STAFF:
        clusters = clusters.published()
    elif len(own := list(clusters[:2])) == 1:
        return redirect("matching:suggestion-list", slug=own[0].slug)
    if words:
        clusters = clusters.filter(name__icontains=words)
    page = Paginator(clusters, CLUSTERS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "words": words}
    return render(request, "matching/my_suggestions.html", context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Tell everybody how suggestions come about."""
    context = {"weights": Weights.current(), "text_model": model_label()}
    return render(request, "matching/method.html", context)
