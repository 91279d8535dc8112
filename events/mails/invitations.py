"""Invitations."""

from collections.abc import Iterable

from core import mail
from core.choices import MailKind
from core.mail import Recipient
from core.models import MailContent, OutgoingMail
from events.calendars import person_sequence
from events.mails.shared import prepare
from events.models import Event, Invitation
from events.tokens import answer_url


def invitation_content(event: Event, language: str) -> MailContent:
    """Render the invitation to ``event`` once for all who read ``language``."""
    return prepare(event, "events/invitation", language, MailKind.INVITATION, "REQUEST")


def invited(
    content: MailContent, invitations: Iterable[Invitation], *, paused: bool = False
) -> list[OutgoingMail]:
    """Write the mail of each invitation, with the links only its recipient gets."""
    return mail.queue_many(
        content,
        [
            Recipient(
                to=invitation.email,
                to_name=invitation.name,
                values={
                    "answer_url": answer_url(invitation.pk, content.language),
                    "sequence": person_sequence(invitation.event),
                },
            )
            for invitation in invitations
        ],
        paused=paused,
    )
