"""Requests that may be sent twice and happen once: the header ``Idempotency-Key``.

The key's row is written in the transaction of what the request does. So either both are there or
neither, and a second request with the same key waits for the first one's end and gets its answer.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import IdempotentAnswer
from core.errors import DomainError

HEADER = "Idempotency-Key"
_LONGEST = 200

# For ``extend_schema(parameters=[…])`` of every action that is idempotent.
PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": _LONGEST, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "A word of your own, such as a UUID. Sent again within a day with the same request, the"
        " first answer comes back and nothing happens twice."
    ),
)

Action = Callable[..., Response]


def idempotent(action: Action) -> Action:
    """Let an action of a view set happen once for each key of a person.

    Without the header nothing changes. Refusals are not kept: nothing happened, so the same key
    may be tried again.

    :raises ValidationError: when the key is empty, too long or not printable ASCII.
    :raises DomainError: when the key was used for another request.
    """

    @wraps(action)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return action(view, request, *args, **kwargs)
        _check(key)
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            user: Any = request.user
            row, is_new = IdempotentAnswer.objects.get_or_create(
                user=user, key=key, defaults={"fingerprint": fingerprint}
            )
            if not is_new:
                return _replay(row, fingerprint)
            response = action(view, request, *args, **kwargs)
            row.status, row.body = response.status_code, _plain(response.data)
            row.save(update_fields=["status", "body"])
            return response

    return wrapper


def _check(key: str) -> None:
    if not 0 < len(key) <= _LONGEST or not all("!" <= sign <= "~" for sign in key):
        message = _("Please send %(count)d printable ASCII characters at most, without spaces.")
        raise ValidationError({HEADER: [message % {"count": _LONGEST}]})


def _fingerprint(request: Request) -> str:
    """Return SHA-256 of method, path and the values sent, in hex."""
    sent = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS, default=str)
    head = f"{request.method} {request.path} ".encode()
    return hashlib.sha256(head + sent).hexdigest()


def _replay(row: IdempotentAnswer, fingerprint: str) -> Response:
    if row.fingerprint != fingerprint:
        raise DomainError(
            _("This key was used for another request. Please make a new one for each request."),
            code="idempotency_key_reused",
        )
    return Response(row.body, row.status, headers={"Idempotency-Replayed": "true"})


def _plain(data: Any) -> Any:
    """Return the answer as JSON values; rows come as finished JSON text."""
    return orjson.loads(orjson.dumps(data, default=str)) if data is not None else None
