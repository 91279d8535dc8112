"""News about an event as a whole."""

from django.conf import settings
from django.utils.translation import override

from core import mail
from core.choices import MailKind
from core.mail import Recipient
from events.calendars import person_sequence
from events.choices import Answer, Decision
from events.mails.shared import about, prepare
from events.models import Event


def event_cancelled(event: Event) -> int:
    """Tell whoever takes part, waits or has not said no; returns how many are told."""
    people: dict[str, tuple[str, str, str]] = {}
    for invitation in event.invitations.exclude(queued_at=None).exclude(answer=Answer.NO):
        person = (invitation.email, invitation.name, invitation.language)
        people[invitation.email.lower()] = person
    registrations = event.registrations.active().filter(is_example=False).select_related("user")
    for registration in registrations:
        language = registration.user.language if registration.user else settings.LANGUAGE_CODE
        person = (registration.email, registration.name, language)
        people.setdefault(registration.email.lower(), person)
    for language in sorted({language for _, _, language in people.values()}):
        content = prepare(event, "events/cancelled", language, MailKind.EVENT, "CANCEL")
        mail.queue_many(
            content,
            [
                Recipient(to=email, to_name=name, values={"sequence": person_sequence(event)})
                for email, name, reads in people.values()
                if reads == language
            ],
        )
    return len(people)


def event_decided(event: Event, decision: Decision, reason: str) -> None:
    """Tell the author of a proposal what staff decided and why."""
    if event.author is None:
        return
    with override(event.author.language):
        mail.send(
            "events/decided",
            to=event.author.email,
            to_name=event.author.name,
            language=event.author.language,
            kind=MailKind.REVIEW,
            reply_to=settings.CONTACT_EMAIL,
            context={**about(event), "decision": decision.value, "reason": reason},
        )
