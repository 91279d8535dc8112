"""Who may do what with accounts."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import get_object_or_404

from accounts.models import ApiToken, User


def needs_second_factor(user: Any) -> bool:
    """Tell whether this person is staff without a second factor; in demo mode nobody needs one."""
    if settings.DEMO or not user.is_authenticated or not user.is_staff:
        return False
    # Recovery codes alone do not count: they only help out when the real factor is lost.
    factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return not is_mfa_enabled(user, types=factors)


def get_token_for_revoke(user: User, pk: int) -> ApiToken:
    """Return one of the person's own tokens that still works; anything else is not found."""
    token: ApiToken = get_object_or_404(ApiToken.objects.active(), user=user, pk=pk)
    return token
