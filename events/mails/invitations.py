"""Invitations."""

from collections.abc import Iterable

from django.utils.translation import override

from core import mail
from core.choices import MailKind
from core.mail import Recipient
from core.models import MailContent, OutgoingMail
from events.calendars import for_attendees, person_sequence
from events.choices import MailOccasion
from events.mail_texts import own_words, personal_values
from events.mails.mailings import own_content
from events.mails.shared import prepare
from events.models import Event, Invitation
from events.tokens import answer_url


def invitation_content(event: Event, language: str) -> MailContent:
    """Render the invitation to ``event`` once for all who read ``language``."""
    words = own_words(event, MailOccasion.INVITATION).get(language)
    if words is None:
        return prepare(event, "events/invitation", language, MailKind.INVITATION, "REQUEST")
    with override(language):
        calendar = for_attendees(event, "REQUEST")
    return own_content(event, MailOccasion.INVITATION, language, words, calendar=calendar)


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
                    **personal_values(
                        invitation.name, invitation.cluster.name if invitation.cluster else ""
                    ),
                },
            )
            for invitation in invitations
        ],
        paused=paused,
    )
