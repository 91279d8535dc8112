"""The profile of a cluster and its files."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clusters.access import get_cluster_for_view, get_document_for_view
from clusters.profile import profile_context
from core.downloads import file_response


@require_safe
def cluster_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is known about a cluster, as far as this person may read it."""
    cluster = get_cluster_for_view(request.user, slug)
    context = profile_context(cluster, request.user)
    context["crumbs"] = [(_("Clusters"), reverse("clusters:cluster-list")), (cluster.name, "")]
    return render(request, "clusters/profile.html", context)


@require_safe
def cluster_logo(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Hand out the logo, as a picture and nothing else."""
    cluster = get_cluster_for_view(request.user, slug)
    if not cluster.logo:
        raise Http404
    return file_response(cluster.logo, is_public=cluster.is_published)


@require_safe
def cluster_document(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Hand out a file for saving, if its level of confidentiality allows it."""
    document = get_document_for_view(request.user, slug, pk)
    return file_response(document.file, save_as=f"{slugify(document.title) or 'document'}.pdf")
