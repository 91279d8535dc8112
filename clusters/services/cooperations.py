"""Who has worked together: recorded once a pair and kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from clusters.models import Cluster, Cooperation
from clusters.signals import profile_changed

if TYPE_CHECKING:
    from accounts.models import User
    from clusters.choices import CooperationKind


@transaction.atomic
def record_cooperation(
    *, user: User, one: Cluster, other: Cluster, kind: CooperationKind, source: str
) -> Cooperation:
    """Note that two clusters work together, and how that is known; both profiles show it.

    What is known already stays as it is: the first source keeps its place.
    """
    first, second = sorted((one.pk, other.pk))
    row: Cooperation
    row, is_new = Cooperation.objects.get_or_create(
        first_id=first, second_id=second, kind=kind, defaults={"source": source}
    )
    if is_new:
        for cluster in (first, second):
            profile_changed.send(sender=Cluster, cluster_id=cluster)
    return row
