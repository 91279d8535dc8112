"""Somebody a letter is shown to: an invited or registered person, or whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from events.mails import Reader
from events.models import Event

_OFFERED = 50


@dataclass(frozen=True)
class Sample:
    """A reader with the language they get their mails in."""

    reader: Reader
    language: str


def offered(event: Event) -> list[str]:
    """Return addresses of people of the event to choose from; others may be typed in."""
    invited = event.invitations.exclude(email="").order_by("email")
    registered = event.registrations.exclude(email="").order_by("email")
    found = [
        *invited.values_list("email", flat=True)[:_OFFERED],
        *registered.values_list("email", flat=True)[:_OFFERED],
    ]
    return list(dict.fromkeys(found))[:_OFFERED]


def find(event: Event, address: str, user: User) -> Sample:
    """Return the person of the event with this address; ``user`` where there is none."""
    address = address.strip()
    wanted = {"email__iexact": address}
    invitation = event.invitations.filter(**wanted).first() if address else None
    registration = event.registrations.filter(**wanted).first() if address else None
    owner = registration or invitation
    if owner is None:
        return Sample(Reader(user.email, user.name), user.language)
    reader = Reader(
        owner.email,
        owner.name or (invitation.name if invitation else ""),
        owner.cluster.name if owner.cluster else "",
        invitation_id=invitation.pk if invitation else None,
        registration_id=registration.pk if registration else None,
    )
    return Sample(reader, owner.language)
