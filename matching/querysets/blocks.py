"""Clusters that do not want to be suggested to each other."""

from typing import Any, Self

from django.db import models

from accounts.people import Person
from clusters.models import Cluster


class BlockQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Person) -> Self:
        """Blocks set by clusters the person manages, for staff all: never those against one."""
        if user.is_authenticated and user.is_staff:
            return self
        return self.filter(cluster__in=Cluster.objects.managed_by(user).values("pk"))

    def pairs(self) -> set[tuple[int, int]]:
        """Both clusters of each block, the lower id first."""
        rows = self.order_by().values_list("cluster_id", "blocked_id")
        return {(min(one, other), max(one, other)) for one, other in rows}
