"""Doors for staff: what an event's mails say."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters.views.shared import act, person
from core.errors import DomainError
from core.http import render_page
from events import access, letters, mails, samples, services
from events.choices import MailOccasion
from events.forms import MailTextForm
from events.models import Event


@login_required
@require_safe
def mail_text_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is sent on each occasion, in both languages."""
    event = access.get_event_for_staff(request.user, slug)
    texts = letters.texts_of(event)
    occasions = [
        (
            occasion,
            [(language, texts[occasion.value, language]) for language in letters.LANGUAGES],
        )
        for occasion in MailOccasion
    ]
    context = {"event": event, "occasions": occasions}
    return render(request, "events/mail_text_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_text_edit(request: HttpRequest, slug: str, occasion: str) -> HttpResponse:
    """Edit the words of one occasion; see them as somebody reads them; send them to oneself."""
    event = access.get_event_for_texts(request.user, slug, occasion)
    kind = MailOccasion(occasion)
    form = MailTextForm(request.POST or None, event=event, occasion=kind)
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            services.save_texts(
                user=person(request), event=event, occasion=kind, texts=form.texts()
            )
            messages.success(request, _("The texts are saved."))
            return redirect("events:mail-text-list", slug=slug)
        if language := request.POST.get("test", ""):
            _test(request, event, kind, form, language)
    return _edit_page(request, event, kind, form)


def _test(
    request: HttpRequest, event: Event, kind: MailOccasion, form: MailTextForm, language: str
) -> None:
    if language not in letters.LANGUAGES:
        raise Http404
    user = person(request)
    text = form.text(language)
    if not (text.subject or text.body):
        text = letters.default_text(event, kind, language)
    try:
        services.send_test(user=user, event=event, occasion=kind, text=text, language=language)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        text_sent = _("A test is on its way to %(address)s. Nothing was saved.")
        messages.success(request, text_sent % {"address": user.email})


def _edit_page(
    request: HttpRequest, event: Event, kind: MailOccasion, form: MailTextForm
) -> HttpResponse:
    recipient = request.POST.get("recipient", request.GET.get("recipient", ""))
    sample = samples.find(event, recipient, person(request))
    previews = []
    for language in letters.LANGUAGES:
        default, text = letters.default_text(event, kind, language), form.text(language)
        if not (text.subject or text.body):
            text = default
        is_own = (text.subject, text.body) != (default.subject, default.body)
        letter = letters.compose(event, kind, text, language)
        filled = letter.filled(mails.values_for(event, sample.reader, language))
        previews.append((language, filled, language == sample.language, is_own))
    context: dict[str, Any] = {
        "event": event,
        "occasion": kind,
        "form": form,
        "previews": previews,
        "sample": sample,
        "recipient": recipient,
        "offered": samples.offered(event),
        "placeholders": letters.known_placeholders(kind),
        "is_own": any(text.is_own for text in form.stored.values()),
    }
    failed = bool(form.errors) and "save" in request.POST
    return render_page(
        request,
        "events/mail_text_edit.html",
        "events/partials/_letter.html",
        context,
        status=422 if failed else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_text_reset(request: HttpRequest, slug: str, occasion: str) -> HttpResponse:
    """Ask, then go back to the portal's own words."""
    event = access.get_event_for_texts(request.user, slug, occasion)
    kind = MailOccasion(occasion)
    if request.method == "POST":
        act(
            request,
            lambda: services.reset_texts(user=person(request), event=event, occasion=kind),
            _("The portal's own texts are used again."),
        )
        return redirect("events:mail-text-edit", slug=slug, occasion=occasion)
    context = {
        "title": _("Use the portal's own texts again?"),
        "text": _("Your texts for “%(occasion)s” are deleted, in both languages.")
        % {"occasion": kind.label},
        "submit_label": _("Delete my texts"),
        "cancel_url": reverse("events:mail-text-edit", args=[slug, occasion]),
    }
    return render(request, "components/confirm.html", context)
