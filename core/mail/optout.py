"""Addresses that want no more mails of a kind, and the links that say so."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import translation

from core.choices import MailKind
from core.models import MailOptOut

_signer = signing.Signer(salt="core.mail.optout")


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address and the kind of mail it gets, as a signed link names them."""

    address: str
    kind: MailKind


def make_token(address: str, kind: str) -> str:
    """Return the signed part of an unsubscribe link. It never expires: old mails keep working."""
    return _signer.sign_object([address.lower(), kind])


def read_token(token: str) -> Subscription | None:
    """Return what a link is about, or None when it was not signed here."""
    try:
        address, kind = _signer.unsign_object(token)
        return Subscription(address=address, kind=MailKind(kind))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def link_prefix(language: str) -> str:
    """Return an unsubscribe link in ``language`` up to its token."""
    with translation.override(language):
        path = reverse("core:unsubscribe", args=["-"])
    return f"{settings.BASE_URL}{path.removesuffix('-/')}"


def can_opt_out(kind: str) -> bool:
    """Tell whether mails of this kind may be refused.

    Mails about the own account, the own registration and decisions on the own entries have been
    asked for.
    """
    return kind not in {MailKind.ACCOUNT, MailKind.REGISTRATION, MailKind.REVIEW}


def opted_out(addresses: Iterable[str], kind: str) -> set[str]:
    """Return those of the addresses, in lower case, that want no mails of this kind."""
    if not can_opt_out(kind):
        return set()
    wanted = {address.lower() for address in addresses}
    rows = MailOptOut.objects.annotate(lower=Lower("address")).filter(kind=kind, lower__in=wanted)
    return set(rows.values_list("lower", flat=True))


def opt_out(*, address: str, kind: str) -> None:
    """Send this address no more mails of this kind; asking twice changes nothing."""
    if can_opt_out(kind):
        MailOptOut.objects.bulk_create(
            [MailOptOut(address=address.lower(), kind=kind)], ignore_conflicts=True
        )


def opt_in(*, address: str, kind: str) -> None:
    """Send this address mails of this kind again."""
    MailOptOut.objects.filter(address__iexact=address, kind=kind).delete()
