from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.people import Person
from topics.choices import TopicStatus

PUBLIC_STATUSES = (TopicStatus.OPEN, TopicStatus.FOCUS, TopicStatus.IN_WORK, TopicStatus.DONE)


class TopicQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """Topics everybody may read."""
        return self.filter(status__in=PUBLIC_STATUSES)

    def waiting(self) -> Self:
        """Proposed and not decided yet: staff's queue."""
        return self.filter(status=TopicStatus.PROPOSED)

    def visible_to(self, user: Person) -> Self:
        """Published ones; for members also their cluster's; for staff all but drafts."""
        if not user.is_authenticated:
            return self.published()
        own = Q(author=user) | Q(
            proposed_by__in=user.memberships.filter(ended_at=None).values("cluster")
        )
        if user.is_staff:
            return self.filter(~Q(status=TopicStatus.DRAFT) | own)
        return self.filter(Q(status__in=PUBLIC_STATUSES) | own)
