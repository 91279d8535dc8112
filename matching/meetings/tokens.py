"""Links of participants: the secret is the one of their registration."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from events.tokens import make_registration_token


def meeting_url(name: str, registration_id: int, language: str) -> str:
    """Return the full address of a participant's page, such as ``meeting-wishes``."""
    with override(language):
        path = reverse(f"matching:{name}", args=[make_registration_token(registration_id)])
    return f"{settings.BASE_URL}{path}"
