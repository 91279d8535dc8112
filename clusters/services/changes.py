"""Drafts of managers, their way through review, and what staff decides about them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters import mails
from clusters.choices import ChangeTarget, ReviewState
from clusters.diff import target_of
from clusters.models import ChangeRequest, Cluster, Need, Offer
from clusters.search import refresh_clusters, refresh_needs, refresh_offers
from clusters.signals import profile_changed
from clusters.snapshots import (
    EMPTY_STATEMENT,
    Values,
    apply_to_cluster,
    apply_to_statement,
    changed_only,
    snapshot,
)
from core.errors import DomainError

if TYPE_CHECKING:
    from accounts.models import User

EDITABLE = (ReviewState.DRAFT, ReviewState.CHANGES_REQUESTED)
OPEN = (*EDITABLE, ReviewState.SUBMITTED)


class StaleDraftError(DomainError):
    """Somebody else saved meanwhile. ``change`` is the draft as it is now, if there is one."""

    def __init__(self, message: str, change: ChangeRequest | None) -> None:
        super().__init__(message, code="stale")
        self.change = change


def version_of(entry: Cluster | Need | Offer | None, change: ChangeRequest | None) -> str:
    """Return a word that changes whenever the live row or its draft does.

    Forms carry it along, so that saving over somebody else's work is noticed.
    """
    stamps = [row.updated_at.isoformat() if row is not None else "-" for row in (entry, change)]
    return "/".join(stamps)


def find_open_change(
    cluster: Cluster, target: str, entry: Need | Offer | None = None
) -> ChangeRequest | None:
    """Return the change of the profile, or of one need or offer, not decided yet."""
    changes = ChangeRequest.objects.filter(cluster=cluster, target=target, state__in=OPEN)
    if target != ChangeTarget.PROFILE:
        changes = changes.filter(**{target: entry}) if entry else changes.none()
    change: ChangeRequest | None = changes.select_related("author", "decided_by").first()
    if change is not None:
        change.cluster = cluster
    return change


@transaction.atomic
def save_draft(
    *,
    user: User,
    cluster: Cluster,
    target: str,
    values: Values,
    version: str,
    entry: Need | Offer | None = None,
    change: ChangeRequest | None = None,
) -> ChangeRequest:
    """Keep what a manager is working on; visitors see none of it.

    ``version`` is what :func:`version_of` returned when the form was opened. ``entry`` names the
    need or offer concerned, ``change`` the draft of an entry that does not exist yet.

    :raises StaleDraftError: when somebody else saved or the live values moved since then.
    :raises DomainError: when the change waits for review.
    """
    # The row of the cluster is the lock: two first drafts would not meet on any other.
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if entry is not None:
        entry.refresh_from_db()
    change = (
        ChangeRequest.objects.filter(pk=change.pk, cluster=cluster).first()
        if change is not None
        else find_open_change(cluster, target, entry)
    )
    live_row = cluster if target == ChangeTarget.PROFILE else entry
    if version != version_of(live_row, change):
        raise StaleDraftError(
            _(
                "Somebody else has changed this since you opened it. Nothing was lost: compare"
                " both versions below. Saving again replaces theirs with yours."
            ),
            change,
        )
    if change is None:
        change = ChangeRequest(cluster=cluster, target=target)
        if entry is not None:
            setattr(change, target, entry)
    elif change.state not in EDITABLE:
        raise DomainError(_("This change waits for review. Withdraw it to edit it again."))
    live = snapshot(live_row)
    old_logo = change.values.get("logo")
    change.values = changed_only(live, values)
    # What stood there when a field was first touched: so a live value that moves later is seen.
    change.before = {name: change.before.get(name, live.get(name)) for name in change.values}
    change.author = user
    change.save()
    _forget_picture(old_logo, keep=change.values.get("logo"))
    return change


@transaction.atomic
def submit_change(
    *, user: User, change: ChangeRequest, version: str | None = None
) -> ChangeRequest:
    """Hand a draft to staff. From here on ``before`` is what stands live now.

    :raises DomainError: when nothing would change, or it is not a draft any more.
    """
    change = _locked(change, version)
    _require(change, *EDITABLE)
    live = snapshot(target_of(change))
    change.values = changed_only(live, change.values)
    if not change.values:
        raise DomainError(_("There is nothing to submit: the draft equals what is published."))
    change.before = {name: live.get(name) for name in change.values}
    change.state = ReviewState.SUBMITTED
    change.submitted_at = timezone.now()
    change.author = user
    change.reason = ""
    change.decided_at = change.decided_by = None
    change.save()
    return change


@transaction.atomic
def ask_for_change(
    *,
    user: User,
    cluster: Cluster,
    target: str,
    values: Values,
    entry: Need | Offer | None = None,
) -> ChangeRequest:
    """Submit wished values for review in one step; what is not among them stays as it is.

    :raises DomainError: when an earlier change of the same thing is not decided yet.
    """
    if find_open_change(cluster, target, entry) is not None:
        raise DomainError(
            _("An earlier change is not decided yet. Finish or withdraw it in the portal first."),
            code="open_change",
        )
    live = cluster if target == ChangeTarget.PROFILE else entry
    draft = save_draft(
        user=user,
        cluster=cluster,
        target=target,
        values={**snapshot(live), **values},
        version=version_of(live, None),
        entry=entry,
    )
    return submit_change(user=user, change=draft)


@transaction.atomic
def withdraw_change(*, user: User, change: ChangeRequest) -> ChangeRequest:
    """Take a submitted change back; it is a draft again.

    :raises DomainError: when staff has decided in the meantime.
    """
    change = _locked(change)
    _require(change, ReviewState.SUBMITTED)
    change.state = ReviewState.DRAFT
    change.submitted_at = None
    change.author = user
    change.save()
    return change


@transaction.atomic
def discard_change(*, user: User, change: ChangeRequest) -> None:
    """Throw a draft away for good.

    :raises DomainError: when it waits for review or is decided.
    """
    change = _locked(change)
    _require(change, *EDITABLE)
    _forget_picture(change.values.get("logo"))
    change.delete()


@transaction.atomic
def accept_change(
    *, user: User, change: ChangeRequest, version: str | None = None
) -> ChangeRequest:
    """Make the wished values the live ones, refresh search and tell the author.

    ``version`` is ``change.updated_at`` as the reviewer saw it, in ISO format.

    :raises DomainError: when the change is not waiting, or is not what the reviewer saw.
    """
    change = _locked(change, version)
    _require(change, ReviewState.SUBMITTED)
    if change.target == ChangeTarget.PROFILE:
        _accept_profile(change)
    else:
        _accept_statement(change)
    _decide(change, user, ReviewState.ACCEPTED)
    profile_changed.send(sender=Cluster, cluster_id=change.cluster_id)
    return change


@transaction.atomic
def request_changes(
    *, user: User, change: ChangeRequest, reason: str, version: str | None = None
) -> ChangeRequest:
    """Send a change back to its author, who may edit and submit it again.

    :raises DomainError: without a reason, or when the change is not waiting.
    """
    change = _locked(change, version)
    _require(change, ReviewState.SUBMITTED)
    _decide(change, user, ReviewState.CHANGES_REQUESTED, reason=_reason(reason))
    return change


@transaction.atomic
def decline_change(
    *, user: User, change: ChangeRequest, reason: str, version: str | None = None
) -> ChangeRequest:
    """Decline a change for good; the live values stay.

    :raises DomainError: without a reason, or when the change is not waiting.
    """
    change = _locked(change, version)
    _require(change, ReviewState.SUBMITTED)
    _decide(change, user, ReviewState.DECLINED, reason=_reason(reason))
    _forget_picture(change.values.get("logo"))
    return change


def _locked(change: ChangeRequest, version: str | None = None) -> ChangeRequest:
    """Lock cluster and change, in that order everywhere, and read the change anew."""
    cluster = Cluster.objects.select_for_update().get(pk=change.cluster_id)
    locked: ChangeRequest | None = (
        ChangeRequest.objects.select_for_update(of=("self",))
        .select_related("author", "need", "offer")
        .filter(pk=change.pk)
        .first()
    )
    if locked is None:
        raise DomainError(_("This draft no longer exists."), code="gone")
    if version and version != locked.updated_at.isoformat():
        raise DomainError(
            _("This change was edited since you opened it. Please look at it again."), code="stale"
        )
    locked.cluster = cluster
    return locked


def _require(change: ChangeRequest, *states: ReviewState) -> None:
    if change.state not in states:
        raise DomainError(
            _("This is not possible any more; the change is now: %(state)s.")
            % {"state": change.get_state_display()},
            code="state",
        )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise DomainError(
            _("Please give a reason. The author receives it by mail."), field="reason"
        )
    return reason.strip()


def _decide(change: ChangeRequest, user: User, state: ReviewState, reason: str = "") -> None:
    change.state = state
    change.decided_at = timezone.now()
    change.decided_by = user
    change.reason = reason
    change.save()
    mails.change_decided(change)


def _accept_profile(change: ChangeRequest) -> None:
    cluster = change.cluster
    old_logo = cluster.logo.name
    apply_to_cluster(cluster, change.values)
    if "logo" in change.values:
        _forget_picture(old_logo, keep=change.values["logo"])
    refresh_clusters([cluster.pk])


def _accept_statement(change: ChangeRequest) -> None:
    model = Need if change.target == ChangeTarget.NEED else Offer
    entry = target_of(change)
    values = change.values
    if not isinstance(entry, Need | Offer):
        entry = model(cluster=change.cluster)
        values = {**EMPTY_STATEMENT, **values}
    apply_to_statement(entry, values)
    setattr(change, change.target, entry)
    refresh = refresh_needs if model is Need else refresh_offers
    refresh([entry.pk])


def _forget_picture(name: str | None, keep: str | None = None) -> None:
    """Delete a picture no row names any more, once the transaction holds."""
    if name and name != keep:
        transaction.on_commit(partial(_delete_unused, name))


def _delete_unused(name: str) -> None:
    in_draft = ChangeRequest.objects.filter(state__in=OPEN, values__logo=name)
    if not Cluster.objects.filter(logo=name).exists() and not in_draft.exists():
        default_storage.delete(name)
