"""Doors for staff: mails in our mailbox that nobody understood."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters.views.shared import person
from core.models import InboundNote
from events import access, services
from events.views.pages import page_of

_ROWS = 50


@login_required
@require_safe
def inbound_notes(request: HttpRequest) -> HttpResponse:
    """List what waits for somebody, or what has been dealt with."""
    access.require_staff(request.user)
    shows_done = request.GET.get("show") == "done"
    rows: Any = InboundNote.objects.filter(done_at__isnull=not shows_done)
    context = {
        "page_obj": page_of(request, rows, _ROWS),
        "shows_done": shows_done,
        "is_configured": bool(settings.IMAP_URL),
        "kept": "&show=done" if shows_done else "",
    }
    return render(request, "events/inbound_notes.html", context)


@login_required
@require_POST
def inbound_note_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a note as dealt with, or take that back."""
    note = access.get_inbound_note(request.user, pk)
    is_done = request.POST.get("done") != "0"
    services.set_note_done(user=person(request), note=note, is_done=is_done)
    if is_done:
        messages.success(request, _("Marked as dealt with."))
        return redirect("events:inbound-notes")
    messages.success(request, _("The note is open again."))
    return redirect("events:inbound-notes")
