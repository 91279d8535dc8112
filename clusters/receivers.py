"""News from below."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.signals import account_deletion_requested
from clusters.services.members import check_departure


@receiver(account_deletion_requested, dispatch_uid="clusters.account_deletion_requested")
def forbid_leaving_clusters_alone(user: User, **kwargs: Any) -> None:
    """The last manager of a cluster hands over before the account goes."""
    check_departure(user=user)
