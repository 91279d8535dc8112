"""Not with this cluster: set and lifted by a cluster's managers, known to them and to staff."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from matching.models import ClusterBlock
from matching.signals import candidates_changed


@transaction.atomic
def block_cluster(
    *, user: User, cluster: Cluster, blocked: Cluster, reason: str = ""
) -> ClusterBlock:
    """Keep two clusters off each other's lists; said again, it changes the reason.

    Nobody of the other side is told, now or later.

    :raises DomainError: for one's own cluster.
    """
    if cluster.pk == blocked.pk:
        raise DomainError(_("A cluster is never suggested to itself."), field="blocked")
    block: ClusterBlock
    block, is_new = ClusterBlock.objects.select_for_update().get_or_create(
        cluster=cluster, blocked=blocked, defaults={"reason": reason, "created_by": user}
    )
    if not is_new:
        block.reason, block.created_by = reason, user
        block.save(update_fields=["reason", "created_by"])
    candidates_changed.send(sender=ClusterBlock, cluster_id=cluster.pk)
    return block


@transaction.atomic
def lift_block(*, user: User, block: ClusterBlock) -> None:
    """Allow the two to be suggested to each other again. ``user`` decides; nothing is kept."""
    ClusterBlock.objects.filter(pk=block.pk).delete()
    candidates_changed.send(sender=ClusterBlock, cluster_id=block.cluster_id)
