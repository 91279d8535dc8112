"""Choices between preview and confirmation: kept for two hours, for one person, in the cache.

Lists may be megabytes, which no page should carry in hidden fields. They are personal data, so
they end by themselves; the cache may lose them earlier, and then the list is handed in again.
"""

import json
import secrets
import zlib
from typing import Any

from django.core.cache import cache

from accounts.models import User
from events.audience.choice import Audience, Malformed, Recipient, UploadedList

KEPT_FOR = 2 * 60 * 60


def _key(user: User, token: str) -> str:
    return f"events:audience:{user.pk}:{token}"


def keep(user: User, audience: Audience, token: str = "") -> str:
    """Keep a choice for ``user`` and return the word it is found under again."""
    token = token or secrets.token_urlsafe(12)
    upload = audience.upload
    data: dict[str, Any] = {
        "choice": audience.as_choice(),
        "addresses": audience.addresses,
        "upload": upload and [upload.name, [r[:3] for r in upload.recipients], upload.malformed],
    }
    packed = zlib.compress(json.dumps(data, ensure_ascii=False).encode(), level=1)
    cache.set(_key(user, token), packed, KEPT_FOR)
    return token


def load(user: User, token: str) -> Audience | None:
    """Return what was kept for ``user`` under ``token``; None when it is no longer there."""
    packed = cache.get(_key(user, token)) if token else None
    if packed is None:
        return None
    data = json.loads(zlib.decompress(packed))
    upload = None
    if data["upload"]:
        name, recipients, malformed = data["upload"]
        upload = UploadedList(
            name,
            tuple(Recipient(*row) for row in recipients),
            tuple(Malformed(*row) for row in malformed),
        )
    return Audience.from_choice(data["choice"], addresses=data["addresses"], upload=upload)


def forget(user: User, token: str) -> None:
    """Drop what was kept; what is not there is no mistake."""
    cache.delete(_key(user, token))
