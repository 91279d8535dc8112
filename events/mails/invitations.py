"""Invitations."""

from collections.abc import Iterable

from core.models import MailContent, OutgoingMail
from events.choices import MailOccasion
from events.mails.letters import Reader, letter_content, written
from events.models import Event, Invitation


def invitation_content(event: Event, language: str) -> MailContent:
    """Render the invitation to ``event`` once for all who read ``language``."""
    return letter_content(event, MailOccasion.INVITATION, language)


def invited(
    content: MailContent, invitations: Iterable[Invitation], *, paused: bool = False
) -> list[OutgoingMail]:
    """Write the mail of each invitation, with the links only its recipient gets.

    All belong to one event, which came with them.
    """
    rows = list(invitations)
    if not rows:
        return []
    readers = [
        Reader(
            row.email,
            row.name,
            row.cluster.name if row.cluster else "",
            invitation_id=row.pk,
        )
        for row in rows
    ]
    return written(content, rows[0].event, readers, paused=paused)
