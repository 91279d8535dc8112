"""Verbs about the words of an event's mails."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.choices import MailPriority
from core.errors import DomainError
from events import mails
from events.letters import Text, default_text, has_survey, known_placeholders, unknown_placeholders
from events.models import Event, MailText


def check_text(event: Event, occasion: str, text: Text, language: str) -> None:
    """:raises DomainError: when the text holds what the portal cannot fill in."""
    for name, words in (("subject", text.subject), ("body", text.body)):
        field = f"{name}_{language}"
        if unknown := unknown_placeholders(occasion, words):
            known = ", ".join(f"{{{known}}}" for known in known_placeholders(occasion))
            raise DomainError(
                _("The portal does not know %(unknown)s. It knows %(known)s.")
                % {"unknown": ", ".join(f"{{{word}}}" for word in unknown), "known": known},
                field=field,
                code="unknown_placeholder",
            )
        if "{survey_link}" in words and not has_survey(event):
            raise DomainError(
                _("This event has no survey yet: please add its questions first."),
                field=field,
                code="no_survey",
            )
        if not words.strip():
            raise DomainError(
                _("Please write both subject and text, or leave both empty."), field=field
            )


@transaction.atomic
def save_texts(*, user: User, event: Event, occasion: str, texts: Mapping[str, Text]) -> None:
    """Store staff's words by language. Empty ones and the portal's own are not stored.

    Mails that are written already stay as they are.

    :raises DomainError: when a text has subject or body only, or holds unknown placeholders.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    for language, text in texts.items():
        default = default_text(event, occasion, language)
        words = (text.subject.strip(), text.body.strip())
        rows = MailText.objects.filter(event=event, occasion=occasion, language=language)
        if not any(words) or words == (default.subject, default.body):
            rows.delete()
            continue
        check_text(event, occasion, text, language)
        MailText.objects.update_or_create(
            event=event,
            occasion=occasion,
            language=language,
            defaults={"subject": words[0], "body": words[1]},
        )


@transaction.atomic
def reset_texts(*, user: User, event: Event, occasion: str) -> None:
    """Go back to the portal's own words, in both languages."""
    MailText.objects.filter(event=event, occasion=occasion).delete()


@transaction.atomic
def send_test(*, user: User, event: Event, occasion: str, text: Text, language: str) -> None:
    """Send ``text`` to ``user`` as its readers would get it; its links lead to the event's page.

    :raises DomainError: when the text cannot be filled in, or the person wants no such mails.
    """
    check_text(event, occasion, text, language)
    marked = Text(_("Test: %(subject)s") % {"subject": text.subject}, text.body)
    content = mails.letter_content(event, occasion, language, marked)
    reader = mails.Reader(user.email, user.name)
    if not mails.written(content, event, [reader], priority=MailPriority.NORMAL):
        raise DomainError(
            _("Your own address gets no mails of this kind, so you cannot get a test."),
            code="opted_out",
        )
