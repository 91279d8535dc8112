"""Mails about accounts: one function a mail. Nobody can opt out of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.choices import MailKind, MailPriority
from core.mail import send

# What allauth wants to tell, and the mail that tells it.
_REQUESTED = {
    "account/email/email_confirmation": "accounts/email_confirmation",
    "account/email/email_confirmation_signup": "accounts/email_confirmation",
    "account/email/password_reset_key": "accounts/password_reset",
    "account/email/unknown_account": "accounts/unknown_account",
    "account/email/account_already_exists": "accounts/address_taken",
}
# Changes somebody should hear about even, and above all, when it was not them.
_NOTICES = {
    "account/email/password_changed": _("The password of your account was changed."),
    "account/email/password_reset": _("The password of your account was set anew."),
    "account/email/password_set": _("A password was set for your account."),
    "account/email/email_changed": _("The e-mail address of your account was changed."),
    "account/email/email_confirm": _("An e-mail address of your account was confirmed."),
    "account/email/email_deleted": _("An e-mail address was removed from your account."),
    "mfa/email/totp_activated": _("An authenticator app now protects your account."),
    "mfa/email/totp_deactivated": _("The authenticator app of your account was removed."),
    "mfa/email/recovery_codes_generated": _("New recovery codes for your account were made."),
    "mfa/email/webauthn_added": _("A passkey was added to your account."),
    "mfa/email/webauthn_removed": _("A passkey was removed from your account."),
}


def account_mail(prefix: str, *, to: str, user: User | None, language: str, context: Any) -> None:
    """Send what allauth calls ``prefix``; a mail we have no words for is an error, not silence."""
    if prefix in _NOTICES:
        notice = {
            "what": _NOTICES[prefix],
            **{key: context.get(key) for key in ("timestamp", "ip", "user_agent")},
        }
        _send("accounts/security_notice", to, user, language, notice)
    else:
        _send(_REQUESTED[prefix], to, user, language, context)


def account_created(user: User, *, password_url: str, reason: str) -> None:
    """Tell somebody that an account was made for them, and how to open it."""
    context = {"password_url": password_url, "reason": reason}
    _send("accounts/account_created", user.email, user, user.language, context)


def account_deleted(*, to: str, name: str, language: str) -> None:
    """Confirm to somebody that their account is gone."""
    send(
        "accounts/account_deleted",
        to=to,
        to_name=name,
        language=language,
        kind=MailKind.ACCOUNT,
        priority=MailPriority.ACCOUNT,
        context={},
    )


def token_created(user: User, *, token_name: str) -> None:
    """Tell the owner of an account that it has a new API token."""
    context = {"token_name": token_name}
    _send("accounts/token_created", user.email, user, user.language, context)


def _send(name: str, to: str, user: User | None, language: str, context: Mapping[str, Any]) -> None:
    send(
        name,
        to=to,
        to_name=user.name if user else "",
        language=language,
        kind=MailKind.ACCOUNT,
        priority=MailPriority.ACCOUNT,
        context=context,
    )
