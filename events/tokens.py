"""Links that work without signing in: answer an invitation, look after a registration."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import override

# The dot needs no escaping in an address and no mail program breaks a link at it.
_signer = Signer(salt="events.invitation", sep=".")
_registrations = Signer(salt="events.registration", sep=".")
# Printed on badges for all to see, so it must open less than the link from the mail does.
_tickets = Signer(salt="events.ticket", sep=".")


def make_token(invitation_id: int) -> str:
    """Return the secret part of the link for one invitation."""
    return _signer.sign(str(invitation_id))


def read_token(token: str) -> int | None:
    """Return the invitation's id, or None when the token was altered or never ours."""
    try:
        return int(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def answer_url(invitation_id: int, language: str) -> str:
    """Return the full address of the answer page in the recipient's language."""
    with override(language):
        path = reverse("events:answer", args=[make_token(invitation_id)])
    return f"{settings.BASE_URL}{path}"


def make_registration_token(registration_id: int) -> str:
    """Return the secret part of the links for one registration."""
    return _registrations.sign(str(registration_id))


def read_registration_token(token: str) -> int | None:
    """Return the registration's id, or None when the token was altered or never ours."""
    try:
        return int(_registrations.unsign(token))
    except (BadSignature, ValueError):
        return None


def registration_url(registration_id: int, language: str) -> str:
    """Return the full address of the person's own page about their registration."""
    with override(language):
        path = reverse("events:registration", args=[make_registration_token(registration_id)])
    return f"{settings.BASE_URL}{path}"


def make_ticket_token(registration_id: int) -> str:
    """Return what the QR code of a person's ticket and badge holds, and nothing else may open."""
    return _tickets.sign(str(registration_id))


def read_ticket_token(token: str) -> int | None:
    """Return the registration's id, or None when the token was altered or never ours."""
    try:
        return int(_tickets.unsign(token))
    except (BadSignature, ValueError):
        return None


def ticket_key(registration_id: int) -> str:
    """Return the part of the ticket's signature by which a device without network knows it."""
    return make_ticket_token(registration_id).partition(".")[2][:8]


def ticket_url(registration_id: int, language: str) -> str:
    """Return the full address in the QR code of confirmation and badge."""
    with override(language):
        path = reverse("events:ticket", args=[make_ticket_token(registration_id)])
    return f"{settings.BASE_URL}{path}"


def minutes_url(registration_id: int, language: str) -> str:
    """Return the full address under which somebody who took part reads the minutes."""
    with override(language):
        path = reverse("events:minutes-link", args=[make_registration_token(registration_id)])
    return f"{settings.BASE_URL}{path}"


def survey_url(registration_id: int, language: str) -> str:
    """Return the full address of the survey for somebody who took part."""
    with override(language):
        path = reverse("events:survey", args=[make_registration_token(registration_id)])
    return f"{settings.BASE_URL}{path}"
