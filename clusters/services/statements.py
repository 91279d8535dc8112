"""What managers do at once with needs and offers already accepted: put away, bring back, extend."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.choices import StatementStatus
from clusters.models import Cluster, Need, Offer
from clusters.search import refresh_needs, refresh_offers
from clusters.signals import profile_changed
from core.errors import DomainError

if TYPE_CHECKING:
    from accounts.models import User

EXTEND_BY = timedelta(days=182)

Entry: TypeAlias = Need | Offer


@transaction.atomic
def archive_statement(*, user: User, entry: Entry) -> Entry:
    """Take an own need or offer away from visitors at once; :func:`restore_statement` undoes it.

    :raises DomainError: when it is archived already.
    """
    return _move(entry, StatementStatus.ARCHIVED)


@transaction.atomic
def restore_statement(*, user: User, entry: Entry) -> Entry:
    """Bring an archived need or offer back as it was; staff has accepted it before.

    :raises DomainError: when it is not archived.
    """
    return _move(entry, StatementStatus.PUBLISHED)


@transaction.atomic
def extend_statement(*, user: User, entry: Entry) -> Entry:
    """Let a need or offer stay for another half year from today; its text is unchanged.

    :raises DomainError: when it has no end.
    """
    entry = _locked(entry)
    if entry.valid_until is None:
        raise DomainError(_("This entry has no end date; there is nothing to extend."))
    entry.valid_until = max(entry.valid_until, timezone.localdate() + EXTEND_BY)
    return _saved(entry)


def _move(entry: Entry, status: StatementStatus) -> Entry:
    entry = _locked(entry)
    if entry.status == status:
        raise DomainError(
            _("The entry already has the status “%(status)s”.")
            % {"status": entry.get_status_display()},
            code="state",
        )
    entry.status = status
    return _saved(entry)


def _locked(entry: Entry) -> Entry:
    locked: Entry = (
        type(entry)
        .objects.select_for_update(of=("self",))
        .select_related("cluster")
        .get(pk=entry.pk)
    )
    return locked


def _saved(entry: Entry) -> Entry:
    entry.save()
    refresh = refresh_needs if isinstance(entry, Need) else refresh_offers
    refresh([entry.pk])
    profile_changed.send(sender=Cluster, cluster_id=entry.cluster_id)
    return entry
