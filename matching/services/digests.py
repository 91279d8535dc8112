"""Mails with new suggestions: asked for, at most weekly, only when there is something new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from clusters.models import Cluster
from core.choices import MailKind
from core.mail.optout import opt_in, opted_out
from matching import mails
from matching.choices import Audience, ListKind
from matching.models import DigestEntry, DigestSubscription, SuggestedPair, Suggestion
from matching.suggesting.candidates import offered
from matching.suggesting.cards import Card, build_cards

if TYPE_CHECKING:
    from accounts.models import User

# A little less than a week, so that the mail does not move later with every run.
WEEK: Final = timedelta(days=6, hours=20)
_KEPT: Final = timedelta(days=365)
_AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True)
class NewSuggestions:
    """What is new for one cluster."""

    cluster: Cluster
    cards: list[Card]


@transaction.atomic
def set_digest(*, user: User, wanted: bool) -> None:
    """Switch the mails with new suggestions on or off for a person."""
    if not wanted:
        DigestSubscription.objects.filter(user=user).delete()
        return
    DigestSubscription.objects.get_or_create(user=user)
    opt_in(address=user.email, kind=MailKind.SUGGESTION)


def send_digests() -> int:
    """Write the digests that are due; returns how many. Beat asks every day."""
    due = DigestSubscription.objects.due(timezone.now(), WEEK).order_by("pk")
    sent = 0
    for pk in list(due.values_list("pk", flat=True)):
        sent += _send(pk)
    return sent


@transaction.atomic
def _send(pk: int) -> int:
    now = timezone.now()
    row = (
        DigestSubscription.objects.due(now, WEEK)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("user")
        .filter(pk=pk)
        .first()
    )
    if row is None or opted_out([row.user.email], MailKind.SUGGESTION):
        return 0
    with override(row.user.language):
        groups = new_suggestions(row)
        if not groups:
            return 0
        mails.digest(row.user, groups)
    DigestEntry.objects.bulk_create(
        [
            DigestEntry(subscription=row, cluster=group.cluster, partner=card.partner, sent_at=now)
            for group in groups
            for card in group.cards
        ],
        ignore_conflicts=True,
    )
    row.sent_at = now
    row.save(update_fields=["sent_at"])
    return 1


def new_suggestions(subscription: DigestSubscription) -> list[NewSuggestions]:
    """Return what the person's clusters were not told by a digest yet, in the active language.

    As clusters may read it, also where the person is staff.
    """
    known = set(subscription.entries.values_list("cluster_id", "partner_id"))
    found = []
    for cluster in Cluster.objects.managed_by(subscription.user).published().by_name():
        rows = Suggestion.objects.current().filter(
            cluster=cluster, audience=Audience.CLUSTERS, kind=ListKind.NEW
        )
        cards = [
            card
            for card in build_cards(offered(rows), Audience.CLUSTERS)
            if (cluster.pk, card.partner.pk) not in known
        ]
        if cards:
            found.append(NewSuggestions(cluster, cards))
    return found


@transaction.atomic
def forget_digests() -> int:
    """Delete what stood in digests a year ago; it may be news again."""
    deleted, _tables = DigestEntry.objects.filter(sent_at__lte=timezone.now() - _KEPT).delete()
    return int(deleted)


def note_suggested_pairs() -> int:
    """Remember which pairs have been suggested, since rounds are deleted; beat asks every day.

    Returns how many pairs of the newest round were looked at.
    """
    today = timezone.localdate()
    rows = Suggestion.objects.current().filter(audience=Audience.CLUSTERS).order_by()
    pairs: set[tuple[int, int]] = set()
    number = 0
    for one, other in rows.values_list("cluster_id", "partner_id").iterator(chunk_size=_AT_ONCE):
        pairs.add((min(one, other), max(one, other)))
        if len(pairs) >= _AT_ONCE:
            number += _note(pairs, today)
            pairs.clear()
    return number + _note(pairs, today)


def _note(pairs: Iterable[tuple[int, int]], today: Any) -> int:
    found = [SuggestedPair(first_id=one, second_id=two, since=today) for one, two in sorted(pairs)]
    SuggestedPair.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)
