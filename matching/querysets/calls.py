"""Calls and the teams proposed for them."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.people import Person
from clusters.choices import Role
from matching.choices import IdeaLevel, ProposalState


class CallQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """Calls whose deadline is still to come."""
        return self.filter(deadline__gte=timezone.localdate())

    def ended(self) -> Self:
        """Calls that are over: kept to be read, no longer computed."""
        return self.filter(deadline__lt=timezone.localdate())

    def managed_by(self, user: Person) -> Self:
        """Calls the person may change: those of clusters they manage; staff may change all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        memberships = user.memberships.filter(ended_at=None, role=Role.MANAGER)
        return self.filter(cluster__in=memberships.values("cluster"))

    def visible_to(self, user: Person) -> Self:
        """Calls the person may read, idea included."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return self
        memberships = user.memberships.filter(ended_at=None)
        managed = memberships.filter(role=Role.MANAGER)
        return self.filter(
            Q(cluster__in=managed.values("cluster"))
            | Q(cluster__in=memberships.values("cluster"), idea_level=IdeaLevel.MEMBERS)
        )


class ProposalQuerySet(models.QuerySet[Any]):
    def unfinished(self) -> Self:
        """Asked for, and not there yet."""
        return self.filter(state__in=[ProposalState.WAITING, ProposalState.RUNNING])

    def complete(self) -> Self:
        """Finished ones, the newest first."""
        return self.filter(state=ProposalState.COMPLETE).order_by("-id")


class TeamQuerySet(models.QuerySet[Any]):
    def kept(self) -> Self:
        """Working lists: teams people have decided to go on with."""
        return self.exclude(kept_at=None)
