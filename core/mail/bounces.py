"""Addresses whose mails came back: no mails to many go there until somebody lifts the block."""

import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone

from core.models import AddressState, OutgoingMail

logger = logging.getLogger(__name__)

_LONGEST_REASON = 300
_LONGEST_STATUS = 12


def blocked(addresses: Iterable[str]) -> set[str]:
    """Return those of the addresses, in lower case, that get no mails to many."""
    wanted = {address.lower() for address in addresses}
    rows = AddressState.objects.annotate(lower=Lower("address"))
    return set(rows.filter(is_blocked=True, lower__in=wanted).values_list("lower", flat=True))


@transaction.atomic
def record_bounce(
    *, address: str, status: str, reason: str, mail: OutgoingMail | None = None
) -> None:
    """Note that a mail to ``address`` came back, with its status of RFC 3463 and the reason.

    5.x.x blocks the address, everything else only counts. ``mail`` is the one that came back, if
    it is known: it keeps the reason, and coming back twice counts once.
    """
    now = timezone.now()
    status = status.strip()[:_LONGEST_STATUS]
    reason = " ".join(reason.split())[:_LONGEST_REASON]
    if mail is not None:
        first = OutgoingMail.objects.filter(pk=mail.pk, bounced_at=None)
        if not first.update(bounced_at=now, error=f"{status} {reason}".strip()):
            return
    AddressState.objects.bulk_create([AddressState(address=address.lower())], ignore_conflicts=True)
    state = AddressState.objects.select_for_update().get(address__iexact=address)
    state.bounces = F("bounces") + 1
    state.last_bounce_at = now
    is_permanent = status.startswith("5")
    # Why an address is blocked is not overwritten by a full mailbox.
    if is_permanent or not state.is_blocked:
        state.status, state.reason = status, reason
        state.is_blocked = is_permanent
    state.save()
    logger.info("A mail came back with status %s", status)


def lift_block(*, address: str) -> bool:
    """Send mails to many to ``address`` again, and return whether it was blocked."""
    rows = AddressState.objects.filter(address__iexact=address, is_blocked=True)
    return bool(rows.update(is_blocked=False, bounces=0))
