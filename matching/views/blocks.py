"""Not with these clusters: a cluster's own, confidential wishes."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.models import Cluster
from clusters.views.shared import act, person
from matching import access, services
from matching.forms.blocks import BlockForm
from matching.models import ClusterBlock

BLOCKS_ON_A_PAGE = 20
FOUND_AT_MOST = 20


@login_required
@require_safe
def block_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the wishes of a cluster to those who manage it, and let them find another one."""
    cluster = access.get_cluster_for_blocks(request.user, slug)
    blocks = ClusterBlock.objects.visible_to(request.user).filter(cluster=cluster)
    words = request.GET.get("q", "").strip()
    found = Cluster.objects.published().exclude(pk=cluster.pk).filter(name__icontains=words)
    found = found.exclude(pk__in=blocks.order_by().values("blocked")).only("slug", "name")
    pages = Paginator(blocks.select_related("blocked", "created_by"), BLOCKS_ON_A_PAGE)
    context = {
        "cluster": cluster,
        "page_obj": pages.get_page(request.GET.get("page")),
        "words": words,
        "found": found.by_name()[:FOUND_AT_MOST] if words else [],
    }
    return render(request, "matching/block_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block_create(request: HttpRequest, slug: str, partner: str) -> HttpResponse:
    """Ask for a reason, then keep the two off each other's lists."""
    cluster = access.get_cluster_for_blocks(request.user, slug)
    other = access.get_partner_for_block(cluster, partner)
    known = ClusterBlock.objects.filter(cluster=cluster, blocked=other).first()
    form = BlockForm(request.POST or None, initial={"reason": known.reason if known else ""})
    if request.method == "POST" and form.is_valid():
        user, reason = person(request), form.cleaned_data["reason"]
        act(
            request,
            lambda: services.block_cluster(
                user=user, cluster=cluster, blocked=other, reason=reason
            ),
            _("You will not be suggested to each other any more. You can change this at any time."),
        )
        return redirect("matching:block-list", slug=cluster.slug)
    context = {
        "title": _("Not with %(partner)s?") % {"partner": other},
        "text": _(
            "%(cluster)s and %(partner)s are then not suggested to each other. %(partner)s is not "
            "told and cannot find out."
        )
        % {"cluster": cluster, "partner": other},
        "form": form,
        "submit_label": _("Do not suggest"),
        "danger": False,
        "cancel_url": reverse("matching:suggestion-list", args=[cluster.slug]),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block_lift(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then allow the two to be suggested to each other again."""
    block = access.get_block_for_lift(request.user, slug, pk)
    if request.method == "POST":
        act(
            request,
            lambda: services.lift_block(user=person(request), block=block),
            _("The two may be suggested to each other again."),
        )
        return redirect("matching:block-list", slug=slug)
    context = {
        "title": _("Allow suggestions again?"),
        "text": _("%(cluster)s and %(partner)s may then be suggested to each other again.")
        % {"cluster": block.cluster, "partner": block.blocked},
        "submit_label": _("Allow again"),
        "cancel_url": reverse("matching:block-list", args=[slug]),
        "danger": False,
    }
    return render(request, "components/confirm.html", context)
