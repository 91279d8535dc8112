"""Minutes are there, and what they ask of clusters."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import override

from accounts.models import User
from core import mail
from core.choices import MailKind
from core.mail import Recipient
from events.mails.shared import about
from events.models import Event, MinutesItem
from events.tokens import minutes_url


def minutes_published(event: Event) -> int:
    """Tell everybody who takes part where the minutes are; returns how many are told."""
    people = event.registrations.reachable()
    told = 0
    for language, _name in settings.LANGUAGES:
        readers = list(people.filter(language=language).values_list("pk", "email", "name"))
        if not readers:
            continue
        with override(language):
            content = mail.prepare(
                "events/minutes_published",
                language=language,
                kind=MailKind.EVENT,
                context=about(event),
                reply_to=settings.CONTACT_EMAIL,
            )
        recipients = [
            Recipient(to=email, to_name=name, values={"minutes_url": minutes_url(pk, language)})
            for pk, email, name in readers
        ]
        told += len(mail.queue_many(content, recipients))
    return told


def actions_due(person: User, actions: Sequence[MinutesItem], today: date) -> None:
    """Remind a manager of what their clusters have promised."""
    with override(person.language):
        mail.send(
            "events/actions_due",
            to=person.email,
            to_name=person.name,
            language=person.language,
            kind=MailKind.EVENT,
            reply_to=settings.CONTACT_EMAIL,
            context={"actions": actions, "today": today},
        )
