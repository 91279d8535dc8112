"""The mails of the events app: one function a mail, each in its reader's language."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import override

from core import mail
from core.choices import MailKind
from core.mail import Recipient
from core.models import MailContent, OutgoingMail
from events.calendars import for_attendees, page_address, place
from events.choices import Answer, Decision
from events.dates import precision_note, when
from events.models import Event, Invitation
from events.tokens import answer_url


def _about(event: Event) -> dict[str, Any]:
    """Return what every mail about an event says of it, in the active language."""
    return {
        "event": event,
        "when": when(event),
        "when_note": precision_note(event),
        "place": place(event),
        "page_url": page_address(event),
    }


def _prepare(event: Event, name: str, language: str, kind: MailKind, method: str) -> MailContent:
    with override(language):
        calendar = for_attendees(event, method)
        return mail.prepare(
            name,
            language=language,
            kind=kind,
            context=_about(event),
            reply_to=settings.CONTACT_EMAIL,
            calendar=calendar,
            calendar_method=method if calendar else "",
        )


def invitation_content(event: Event, language: str) -> MailContent:
    """Render the invitation to ``event`` once for all who read ``language``."""
    return _prepare(event, "events/invitation", language, MailKind.INVITATION, "REQUEST")


def invited(content: MailContent, invitations: Iterable[Invitation]) -> list[OutgoingMail]:
    """Write the mail of each invitation, with the links only its recipient gets."""
    return mail.queue_many(
        content,
        [
            Recipient(
                to=invitation.email,
                to_name=invitation.name,
                values={"answer_url": answer_url(invitation.pk, content.language)},
            )
            for invitation in invitations
        ],
    )


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
        content = _prepare(event, "events/cancelled", language, MailKind.EVENT, "CANCEL")
        mail.queue_many(
            content,
            [
                Recipient(to=email, to_name=name)
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
            context={**_about(event), "decision": decision.value, "reason": reason},
        )
