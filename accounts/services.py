"""Verbs on accounts and API tokens."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import mails
from accounts.choices import TOKEN_DAYS, TokenScope
from accounts.models import ApiToken, IdempotentAnswer, User
from accounts.signals import account_deletion_requested
from accounts.tokens import PREFIX_LENGTH, digest, new_secret
from core.errors import DomainError

MAX_TOKENS = 20
KEEP_ANSWERS = timedelta(days=1)


def find_account(email: str) -> User | None:
    """Return the active person with this address, or None; addresses are compared without case."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


@transaction.atomic
def create_account(
    *, email: str, name: str = "", language: str = "de", reason: str = "", send_mail: bool = True
) -> User:
    """Make an account for somebody and mail them a link to set its password.

    ``reason`` is a sentence, in ``language``, that says why they get an account. With
    ``send_mail=False`` the caller mails ``set_password_url(user)`` itself. Raises DomainError when
    the address has an account already.
    """
    email = email.strip().lower()
    taken = User.objects.filter(email__iexact=email).exists()
    if taken or EmailAddress.objects.filter(email__iexact=email).exists():
        raise DomainError(
            _("There is already an account with this address."),
            field="email",
            code="account_exists",
        )
    user = User.objects.create_user(email, name=name.strip(), language=language)
    # Setting the password through the mailed link will prove the address.
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    if send_mail:
        mails.account_created(user, password_url=set_password_url(user), reason=reason)
    return user


def mail_password_link(*, user: User) -> None:
    """Mail the person a fresh link to set a password, for instance when the first one expired."""
    mails.account_created(user, password_url=set_password_url(user), reason="")


def set_password_url(user: User) -> str:
    """Return a link for setting a password, in the person's language; valid for three days."""
    with translation.override(user.language):
        path = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": user_pk_to_url_str(user),
                "key": default_token_generator.make_token(user),
            },
        )
    return f"{settings.BASE_URL}{path}"


def confirm_address(*, user: User) -> None:
    """Note that the person reads mails to their address, as whoever used a mailed link does."""
    addresses = EmailAddress.objects.filter(user=user)
    # With several addresses the link does not tell which of them it went to.
    if addresses.count() <= 1:
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )


def change_profile(*, user: User, name: str, language: str) -> User:
    """Change how the person is called and written to."""
    user.name = name.strip()
    user.language = language
    user.save(update_fields=["name", "language"])
    return user


@transaction.atomic
def create_token(*, user: User, name: str, scope: TokenScope, days: int) -> tuple[ApiToken, str]:
    """Make an API token for the person and return it with its secret, which is not kept.

    ``days`` is one of ``TOKEN_DAYS``. Raises DomainError when the person has too many tokens.
    """
    # Two at once would both count one too few.
    User.objects.select_for_update().get(pk=user.pk)
    if days not in TOKEN_DAYS:
        raise DomainError(_("Please choose one of the offered periods."), field="days")
    if user.api_tokens.active().count() >= MAX_TOKENS:
        raise DomainError(
            _("You have %(number)d tokens. Please revoke one that you no longer need first.")
            % {"number": MAX_TOKENS},
            code="too_many_tokens",
        )
    secret = new_secret()
    token: ApiToken = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=secret[:PREFIX_LENGTH],
        digest=digest(secret),
        scope=scope,
        expires_at=timezone.now() + timedelta(days=days),
    )
    mails.token_created(user, token_name=token.name)
    return token, secret


def revoke_token(*, token: ApiToken) -> None:
    """Make a token useless at once and for good."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())


def check_account_deletion(*, user: User) -> None:
    """Raise DomainError when the account cannot be deleted yet; change nothing."""
    if user.is_demo:
        raise DomainError(
            _("Demo accounts stay, so that others can try the portal."), code="demo_account"
        )
    operators = User.objects.filter(is_superuser=True, is_active=True)
    if user.is_superuser and not operators.exclude(pk=user.pk).exists():
        raise DomainError(
            _("You are the last operator. Please give somebody else this right first."),
            code="last_operator",
        )
    account_deletion_requested.send(sender=User, user=user)


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete the person's account, and confirm it by mail.

    What they wrote for clusters and events stays without their name. Raises DomainError when a
    higher app says that something must be done first.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    check_account_deletion(user=locked)
    to, name, language = locked.email, locked.name, locked.language
    locked.delete()
    mails.account_deleted(to=to, name=name, language=language)


def purge_idempotent_answers() -> int:
    """Forget answers to repeated API requests after a day; return how many."""
    old = IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEEP_ANSWERS)
    return old.delete()[0]
