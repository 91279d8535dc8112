"""API sign-in with personal access tokens."""

import hashlib
from typing import Any

from django.utils import timezone
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from accounts.choices import TokenScope
from accounts.models import ApiToken, User

# ``last_used_at`` is worth a write at most this often, in seconds.
TOUCH_AFTER = 300


def digest(secret: str) -> str:
    """Return what is stored of a token; the secret has 256 random bits, so one hash suffices."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = (
            ApiToken.objects.select_related("user").filter(digest=digest(secret.strip())).first()
        )
        if token is None or not token.is_active or not token.user.is_active:
            raise exceptions.AuthenticationFailed("This token is unknown, revoked or expired.")
        now = timezone.now()
        if token.last_used_at is None or (now - token.last_used_at).seconds > TOUCH_AFTER:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class TokenScopePermission(permissions.BasePermission):
    """Everybody may read; writing takes a signed-in person, and with a token the write scope."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in permissions.SAFE_METHODS:
            return True
        if not request.user.is_authenticated:
            return False
        if isinstance(request.auth, ApiToken):
            return request.auth.scope == TokenScope.WRITE
        return True
