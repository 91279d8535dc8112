"""Signed words that stand in mailed links of applicants."""

from datetime import timedelta

from django.core import signing

_SALT = "clusters.application"
LASTS = timedelta(days=60)


def make_application_token(pk: int) -> str:
    """Return the word that opens an application for changes."""
    return signing.dumps(pk, salt=_SALT)


def read_application_token(token: str) -> int | None:
    """Return the application's primary key, or None when the link is not ours or too old."""
    try:
        pk: int = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return pk
