"""The language a person prefers, carried from the account to the browser."""

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import translation

_YEAR = 365 * 24 * 3600


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Have the browser ask for this language where an address names none."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def reverse_in(language: str, name: str) -> str:
    """Return the path of a page in this language."""
    with translation.override(language):
        return reverse(name)
