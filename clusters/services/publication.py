"""Whether a profile stands in the directory: decided by staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.choices import ClusterStatus
from clusters.models import Cluster
from clusters.search import refresh_clusters
from clusters.signals import profile_changed
from core.errors import DomainError

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def publish_cluster(*, user: User, cluster: Cluster) -> Cluster:
    """Show the profile to everybody.

    :raises DomainError: when it has no profile text yet, or is public already.
    """
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if not (cluster.profile_de or cluster.profile_en):  # type: ignore[attr-defined]
        raise DomainError(_("The profile has no text yet. Please write what the cluster does."))
    if cluster.published_at is None:
        cluster.published_at = timezone.now()
    return _move(cluster, ClusterStatus.PUBLISHED)


@transaction.atomic
def unpublish_cluster(*, user: User, cluster: Cluster) -> Cluster:
    """Take the profile out of the directory; its members and staff still see it.

    :raises DomainError: when it is not public.
    """
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    return _move(cluster, ClusterStatus.DRAFT)


@transaction.atomic
def archive_cluster(*, user: User, cluster: Cluster) -> Cluster:
    """Put a profile away that will not come back; nothing is deleted.

    :raises DomainError: when it is archived already.
    """
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    return _move(cluster, ClusterStatus.ARCHIVED)


def _move(cluster: Cluster, status: ClusterStatus) -> Cluster:
    if cluster.status == status:
        raise DomainError(
            _("The profile already has the status “%(status)s”.")
            % {"status": cluster.get_status_display()},
            code="state",
        )
    cluster.status = status
    cluster.save()
    refresh_clusters([cluster.pk])
    profile_changed.send(sender=Cluster, cluster_id=cluster.pk)
    return cluster
