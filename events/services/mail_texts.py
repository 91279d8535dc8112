"""Verbs about staff's own words for the mails of an event."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from events import mails
from events.mail_texts import PLACEHOLDERS, unknown_placeholders
from events.models import Event, MailText


def check_words(subject: str, body: str, language: str) -> None:
    """:raises DomainError: when half of the text is missing or a placeholder is unknown."""
    if bool(subject.strip()) != bool(body.strip()):
        field = "body" if subject.strip() else "subject"
        raise DomainError(
            _("Please write subject and text, or neither."), field=f"{field}_{language}"
        )
    for field, text in (("subject", subject), ("body", body)):
        if unknown := unknown_placeholders(text):
            raise DomainError(
                _("There is no placeholder %(unknown)s. Known: %(known)s.")
                % {
                    "unknown": ", ".join(f"{{{word}}}" for word in unknown),
                    "known": ", ".join(f"{{{word}}}" for word in PLACEHOLDERS),
                },
                field=f"{field}_{language}",
                code="placeholder",
            )


@transaction.atomic
def save_mail_texts(
    *, user: User, event: Event, occasion: str, texts: Mapping[str, tuple[str, str]]
) -> None:
    """Store subject and body by language; an empty pair takes the default text again.

    :raises DomainError: as :func:`check_words`.
    """
    for language, (subject, body) in texts.items():
        check_words(subject, body, language)
    Event.objects.select_for_update().get(pk=event.pk)
    for language, (subject, body) in texts.items():
        row: dict[str, Any] = {"event": event, "occasion": occasion, "language": language}
        if not subject.strip():
            MailText.objects.filter(**row).delete()
            continue
        # A line break in a subject would begin another header.
        values = {"subject": " ".join(subject.split()), "body": body.strip()}
        MailText.objects.update_or_create(**row, defaults=values)


@transaction.atomic
def reset_mail_texts(*, user: User, event: Event, occasion: str) -> None:
    """Take the texts the portal brings along again."""
    MailText.objects.filter(event=event, occasion=occasion).delete()


@transaction.atomic
def send_test_mail(*, user: User, event: Event, occasion: str, language: str) -> None:
    """Send the mail as it is stored to ``user``.

    :raises DomainError: when they have unsubscribed from mails of this kind.
    """
    cluster = Cluster.objects.of_member(user).values_list("name", flat=True).first() or ""
    if not list(mails.sample_mail(event, occasion, language, user, cluster)):
        raise DomainError(
            _("You have unsubscribed from mails of this kind, so you get no test either."),
            code="opted_out",
        )
