"""Doors for staff's own words: see the occasions, write, look at them, try them, take them back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from clusters.views.shared import act, person
from core.errors import DomainError
from events import access, services
from events.choices import MailOccasion
from events.forms.mail_texts import MailTextForm
from events.mail_texts import (
    PLACEHOLDERS,
    Words,
    default_words,
    own_words,
    personal_values,
    preview,
)
from events.models import Event

_PEOPLE = 50


def _words(event: Event, occasion: str) -> tuple[dict[str, Words], dict[str, Words]]:
    """Return the default texts and those in use, by language."""
    default = {code: default_words(occasion, code) for code, _name in settings.LANGUAGES}
    return default, {**default, **own_words(event, occasion)}


@login_required
@require_safe
def mail_text_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the occasions and whose words each uses."""
    event = access.get_event_for_staff(request.user, slug)
    own = set(event.mail_texts.values_list("occasion", "language"))
    rows = [
        {
            "value": value,
            "label": label,
            "languages": [name for code, name in settings.LANGUAGES if (value, code) in own],
        }
        for value, label in MailOccasion.choices
    ]
    return render(request, "events/mail_text_list.html", {"event": event, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_text_edit(request: HttpRequest, slug: str, occasion: str) -> HttpResponse:
    """Write the texts of one occasion; the preview shows what one person would read."""
    event = access.get_event_for_texts(request.user, slug, occasion)
    user = person(request)
    default, words = _words(event, occasion)
    form = MailTextForm(request.POST if request.method == "POST" else None, words=words)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            if _save(request, form, event, occasion, form.texts(default)):
                return redirect("events:mail-text-edit", slug=slug, occasion=occasion)
        else:
            words = {code: form.words(code) for code, _name in settings.LANGUAGES}
    reader = request.POST.get("reader", "")
    language = request.POST.get("language", get_language() or "de")
    language = language if language in words else "de"
    if not form.errors:
        name, cluster = _reader(event, user, reader)
        shown = preview(event, words[language], language, personal_values(name, cluster))
        shown["reader_name"] = name
    context = {
        "event": event,
        "form": form,
        "occasion": MailOccasion(occasion),
        "placeholders": PLACEHOLDERS.items(),
        "readers": _readers(event),
        "reader": reader,
        "language": language,
        "languages": settings.LANGUAGES,
        "preview": shown,
        "missing": [name for code, name in settings.LANGUAGES if not words[code].is_own],
        "has_own": any(one.is_own for one in words.values()),
    }
    status = 422 if form.errors else 200
    return render(request, "events/mail_text_edit.html", context, status=status)


def _save(
    request: HttpRequest,
    form: MailTextForm,
    event: Event,
    occasion: str,
    texts: dict[str, tuple[str, str]],
) -> bool:
    try:
        services.save_mail_texts(user=person(request), event=event, occasion=occasion, texts=texts)
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return False
    messages.success(request, _("Saved."))
    return True


def _readers(event: Event) -> list[tuple[str, str]]:
    """Return some people by whose eyes the mail can be read."""
    rows = event.invitations.exclude(email="").order_by("name", "email")[:_PEOPLE]
    return [(str(row.pk), row.name or row.email) for row in rows]


def _reader(event: Event, user: User, number: str) -> tuple[str, str]:
    """Return name and cluster of the chosen reader; of the person at the desk without one."""
    if number.isdecimal() and len(number) < 19:
        row = event.invitations.select_related("cluster").filter(pk=int(number)).first()
        if row is not None:
            return row.name or row.email, row.cluster.name if row.cluster else ""
    return user.name, ""


@login_required
@require_POST
def mail_text_test(request: HttpRequest, slug: str, occasion: str) -> HttpResponse:
    """Send the stored text to the person who asks, in the language they look at."""
    event = access.get_event_for_texts(request.user, slug, occasion)
    user = person(request)
    language = request.POST.get("language", "de")
    language = language if language in dict(settings.LANGUAGES) else "de"
    act(
        request,
        lambda: services.send_test_mail(
            user=user, event=event, occasion=occasion, language=language
        ),
        _("A test mail is on its way to %(email)s. Its links lead to the event's page.")
        % {"email": user.email},
    )
    return redirect("events:mail-text-edit", slug=slug, occasion=occasion)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_text_reset(request: HttpRequest, slug: str, occasion: str) -> HttpResponse:
    """Ask once, then take the texts the portal brings along."""
    event = access.get_event_for_texts(request.user, slug, occasion)
    back = reverse("events:mail-text-edit", args=[slug, occasion])
    if request.method == "POST":
        services.reset_mail_texts(user=person(request), event=event, occasion=occasion)
        messages.success(request, _("The texts of the portal are used again."))
        return redirect(back)
    context = {
        "title": _("Use the texts of the portal again?"),
        "text": _("Your own words for this occasion are deleted, in both languages."),
        "submit_label": _("Use the texts of the portal"),
        "cancel_url": back,
    }
    return render(request, "components/confirm.html", context)
