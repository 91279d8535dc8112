"""Files of an event: for staff to add and delete, for others to read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.views.shared import act, person
from core.downloads import file_response
from core.errors import DomainError
from events import access, services
from events.forms import EventDocumentForm
from events.models import SessionDocument

_FORM = ["GET", "HEAD", "POST"]


def hand_out(document: SessionDocument) -> HttpResponseBase:
    """Return the file for saving under its title."""
    return file_response(document.file, save_as=f"{slugify(document.title) or 'document'}.pdf")


@login_required
@require_http_methods(_FORM)
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List the documents of an event and offer to add one."""
    event = access.get_event_for_staff(request.user, slug)
    sent = request.method == "POST"
    form = EventDocumentForm(
        request.POST if sent else None, request.FILES if sent else None, event=event
    )
    if sent and form.is_valid():
        try:
            services.add_document(user=person(request), event=event, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, _("The document was added."))
            return redirect("events:document-list", slug)
    context = {
        "event": event,
        "form": form,
        "documents": event.documents.select_related("session"),
    }
    status = 422 if form.errors else 200
    return render(request, "events/document_list.html", context, status=status)


@require_safe
def document(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Hand out a file, if its level allows it."""
    return hand_out(access.get_document(request.user, slug, pk))


@login_required
@require_http_methods(_FORM)
def document_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then delete a document and its file."""
    found = access.get_document_for_deleting(request.user, slug, pk)
    back = reverse("events:document-list", args=[slug])
    if request.method == "POST":
        act(
            request,
            lambda: services.delete_document(user=person(request), document=found),
            _("The document was deleted."),
        )
        return redirect(back)
    context = {
        "title": _("Delete “%(title)s”?") % {"title": found.title},
        "text": _("The file is deleted for good. Links to it will no longer work."),
        "submit_label": _("Delete document"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)
