"""Doors for staff: choose whom to invite, look at the audience, keep it, confirm."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from clusters.views.shared import act, person
from core.errors import DomainError
from events import access, audience, services, tasks
from events.forms import AudienceForm, SaveAudienceForm
from events.models import Event, SavedAudience

_ROWS = 100
_LISTED = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_audience(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose an audience, or change one; the preview is a page of its own."""
    event = access.get_event_for_staff(request.user, slug)
    user = person(request)
    if request.method == "POST":
        draft = request.POST.get("draft", "")
        form = AudienceForm(request.POST, request.FILES, kept=audience.load(user, draft))
        if form.is_valid():
            token = audience.keep(user, form.audience())
            return redirect("events:invitation-preview", slug=slug, draft=token)
        # A browser hands a file in once only.
        token = audience.keep(user, audience.Audience(upload=form.list)) if form.list else ""
    else:
        token = request.GET.get("draft", "")
        form = _form_for(user, token, request.GET.get("saved", ""))
    context = {
        "event": event,
        "form": form,
        "draft": token,
        "saved": SavedAudience.objects.all()[:_LISTED],
        "hours": audience.KEPT_FOR // 3600,
    }
    status = 422 if form.errors else 200
    return render(request, "events/invitation_audience.html", context, status=status)


def _form_for(user: User, draft: str, saved: str) -> AudienceForm:
    """Return the form with what was chosen earlier, under a name or a moment ago."""
    kept = audience.load(user, draft)
    if kept is None and saved.isdecimal():
        found = SavedAudience.objects.filter(pk=saved).first()
        kept = audience.Audience.from_choice(found.choice) if found else None
    if kept is None:
        return AudienceForm()
    return AudienceForm(initial=AudienceForm.values_of(kept), kept=kept)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_preview(request: HttpRequest, slug: str, draft: str) -> HttpResponse:
    """Show who would be invited; a POST with the number shown invites them."""
    event = access.get_event_for_staff(request.user, slug)
    chosen = audience.load(person(request), draft)
    if chosen is None:
        messages.warning(request, _("This choice is no longer kept. Please choose once more."))
        return redirect("events:invitation-audience", slug=slug)
    changed = ""
    if request.method == "POST":
        expected = request.POST.get("confirmed", "")
        number = int(expected) if expected.isdecimal() else -1
        try:
            return _send(request, event, chosen, number, draft)
        except DomainError as error:
            changed = error.message
    return _preview(request, event, chosen, {"draft": draft, "changed": changed})


def _preview(
    request: HttpRequest, event: Event, chosen: audience.Audience, more: dict[str, Any]
) -> HttpResponse:
    resolved = audience.resolve(event, chosen)
    context = {
        "event": event,
        "resolved": resolved,
        "count": len(resolved.recipients),
        "page_obj": Paginator(resolved.recipients, _ROWS).get_page(request.GET.get("page")),
        "upload": chosen.upload,
        "hours": audience.KEPT_FOR // 3600,
        "save_form": SaveAudienceForm(),
        **more,
    }
    status = 409 if more.get("changed") else 200
    return render(request, "events/invitation_preview.html", context, status=status)


def _send(
    request: HttpRequest, event: Event, chosen: audience.Audience, number: int, draft: str
) -> HttpResponse:
    user = person(request)
    invited = services.invite(user=user, event=event, audience=chosen, expected=number)
    tasks.send_invitations.delay_on_commit(event.pk)  # type: ignore[attr-defined]
    audience.forget(user, draft)
    count = len(invited.recipients)
    text = ngettext(
        "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count
    )
    messages.success(request, text % {"count": count})
    return redirect("events:invitation-list", slug=event.slug)


@login_required
@require_POST
def audience_save(request: HttpRequest, slug: str, draft: str) -> HttpResponse:
    """Keep a choice under a name, for other events."""
    event = access.get_event_for_staff(request.user, slug)
    user = person(request)
    chosen = audience.load(user, draft)
    form = SaveAudienceForm(request.POST)
    if chosen is None:
        return redirect("events:invitation-preview", slug=slug, draft=draft)
    if form.is_valid():
        name, overwrite = form.cleaned_data["name"], form.cleaned_data["overwrite"]
        try:
            services.save_audience(user=user, name=name, audience=chosen, overwrite=overwrite)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
        else:
            messages.success(request, _("The audience “%(name)s” is saved.") % {"name": name})
            return redirect("events:invitation-preview", slug=slug, draft=draft)
    return _preview(request, event, chosen, {"draft": draft, "save_form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def audience_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then forget a saved audience."""
    event = access.get_event_for_staff(request.user, slug)
    saved = get_object_or_404(SavedAudience, pk=pk)
    back = reverse("events:invitation-audience", args=[event.slug])
    if request.method == "POST":
        done = _("The audience “%(name)s” is deleted.") % {"name": saved.name}
        act(request, lambda: services.delete_audience(user=person(request), saved=saved), done)
        return redirect(back)
    context = {
        "title": _("Delete the audience “%(name)s”?") % {"name": saved.name},
        "text": _("Invitations that were sent stay as they are."),
        "submit_label": _("Delete"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)
