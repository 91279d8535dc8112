"""One more event like this one, or a series of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clusters.views.shared import person
from core.errors import DomainError
from events import access, services
from events.forms import CloneForm, RepeatForm

_FORM = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(_FORM)
def event_clone(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask when, then make a draft with the same plan and go on to edit it."""
    event = access.get_event_for_staff(request.user, slug)
    form = CloneForm(request.POST if request.method == "POST" else None, event=event)
    if request.method == "POST" and form.is_valid():
        copy = services.clone_event(
            user=person(request),
            event=event,
            starts_at=form.cleaned_data["starts_at"],
            title=form.cleaned_data["title_de"],
        )
        messages.success(
            request, _("This is the copy. Please look through it; it is a draft until you publish.")
        )
        return redirect("events:event-edit", copy.slug)
    context = {"event": event, "form": form}
    return render(request, "events/event_clone.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(_FORM)
def event_repeat(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask how often, show the dates, and make the drafts when they are confirmed."""
    event = access.get_event_for_staff(request.user, slug)
    form = RepeatForm(request.POST if request.method == "POST" else None, event=event)
    preview = form.preview() if form.is_bound and form.is_valid() else []
    if preview and "confirm" in request.POST:
        try:
            made = services.repeat_event(
                user=person(request),
                event=event,
                starts=form.starts(),
                title=form.cleaned_data.get("title", ""),
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            text = ngettext(
                "%(count)d event was added as a draft.",
                "%(count)d events were added as drafts.",
                len(made),
            )
            messages.success(request, text % {"count": len(made)})
            series = made[0].series_id
            return redirect(f"{reverse('events:manage-event-list')}?series={series}")
    context = {"event": event, "form": form, "preview": preview}
    return render(request, "events/event_repeat.html", context, status=422 if form.errors else 200)
