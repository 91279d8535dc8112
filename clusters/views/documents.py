"""Doors for managers: files for download."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters.access import get_cluster_for_edit, get_document_for_edit
from clusters.forms.document import DocumentForm
from clusters.services.documents import add_document, delete_document
from clusters.views.shared import act, person
from core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The cluster's documents and a form to add one."""
    cluster = get_cluster_for_edit(request.user, slug)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_document(user=person(request), cluster=cluster, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The document was added."))
            return redirect("clusters:document-list", slug)
    context = {"cluster": cluster, "form": form, "documents": cluster.documents.all()}
    return render(request, "clusters/documents.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then delete a document and its file."""
    document = get_document_for_edit(request.user, slug, pk)
    if request.method == "POST":
        act(
            request,
            lambda: delete_document(user=person(request), document=document),
            _("The document was deleted."),
        )
        return redirect("clusters:document-list", slug)
    context = {
        "title": _("Delete “%(title)s”?") % {"title": document.title},
        "text": _("The file is deleted for good. Links to it will no longer work."),
        "submit_label": _("Delete document"),
        "cancel_url": reverse("clusters:document-list", args=[slug]),
    }
    return render(request, "components/confirm.html", context)
