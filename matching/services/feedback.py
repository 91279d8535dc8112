"""What managers say about a suggestion, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from matching.choices import FeedbackKind
from matching.models import Feedback

if TYPE_CHECKING:
    from accounts.models import User
    from clusters.models import Cluster

UNSUITABLE_DAYS: Final = 365
LATER_DAYS: Final = 91
LATEST_DAYS: Final = 365
KEPT_DAYS: Final = 365
"""Days after which feedback is deleted, with its words and names."""


@transaction.atomic
def give_feedback(
    *,
    user: User,
    cluster: Cluster,
    partner: Cluster,
    kind: FeedbackKind,
    reason: str = "",
    text: str = "",
    until: date | None = None,
) -> Feedback:
    """Say what a cluster thinks of a suggested partner; saying it again replaces it.

    *Later* hides the partner until ``until`` (three months from now where it is not given),
    *unsuitable* for twelve months; both can be undone.

    :raises DomainError: when ``until`` is no day within the next year, or the pair is one cluster.
    """
    if cluster.pk == partner.pk:
        raise DomainError(_("This is your own cluster."))
    return say(
        user=user,
        cluster=cluster,
        partner=partner,
        kind=kind,
        reason=reason,
        text=text,
        until=_hidden_until(kind, until),
    )


def say(
    *,
    user: User,
    cluster: Cluster,
    partner: Cluster,
    kind: FeedbackKind,
    reason: str = "",
    text: str = "",
    until: date | None = None,
) -> Feedback:
    """Store feedback that has been checked; call it inside a transaction."""
    row: Feedback
    row, _is_new = Feedback.objects.update_or_create(
        cluster=cluster,
        partner=partner,
        kind=kind,
        defaults={
            "reason": reason,
            "text": text.strip()[:500],
            "by": user,
            "at": timezone.now(),
            "until": until or _hidden_until(kind, None),
        },
    )
    return row


@transaction.atomic
def undo_feedback(*, user: User, cluster: Cluster, partner: Cluster) -> int:
    """Take everything back the cluster said about a partner; returns how much that was."""
    deleted, _by_table = Feedback.objects.filter(cluster=cluster, partner=partner).delete()
    return int(deleted)


@transaction.atomic
def forget_feedback() -> int:
    """Delete feedback after a year; run by beat each night."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    today = timezone.localdate()
    rows = Feedback.objects.filter(at__lte=old).exclude(until__gt=today)
    deleted, _by_table = rows.delete()
    return int(deleted)


def _hidden_until(kind: FeedbackKind, until: date | None) -> date | None:
    today = timezone.localdate()
    if kind == FeedbackKind.UNSUITABLE:
        return today + timedelta(days=UNSUITABLE_DAYS)
    if kind != FeedbackKind.LATER:
        return None
    if until is None:
        return today + timedelta(days=LATER_DAYS)
    if not today < until <= today + timedelta(days=LATEST_DAYS):
        message = _("Please choose a day within the next twelve months.")
        raise DomainError(message, field="until", code="until")
    return until
