"""API sign-in with personal access tokens."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from accounts.access import needs_second_factor
from accounts.choices import TokenScope
from accounts.models import ApiToken, User
from accounts.tokens import digest

# ``last_used_at`` is worth a write at most this often, in seconds.
TOUCH_AFTER = 300


class TokenAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer <token>``."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = (
            ApiToken.objects.active()
            .select_related("user")
            .filter(digest=digest(secret.strip()), user__is_active=True)
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, revoked or expired."), code="invalid_token"
            )
        if needs_second_factor(token.user):
            raise exceptions.PermissionDenied(
                _("Please set up a second factor first; staff accounts need one."),
                code="second_factor_required",
            )
        now = timezone.now()
        if token.last_used_at is None or (now - token.last_used_at).total_seconds() > TOUCH_AFTER:
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
            self.message = _("This token may only read. Make one that may write in your account.")
            self.code = "insufficient_scope"
            return request.auth.scope == TokenScope.WRITE
        return True
