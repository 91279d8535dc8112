"""Who may see and answer which introduction.

An introduction exists for the managers of its two clusters and for staff. Everybody else gets 404,
members without the role of a manager too: who asked whom is a matter of trust.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.people import Person
from clusters.access import require_staff
from clusters.models import Cluster, Membership
from matching.access.suggestions import get_cluster_for_suggestions
from matching.choices import IntroductionOrigin
from matching.models import Introduction
from matching.tokens import (
    Reference,
    read_answer_token,
    read_outcome_token,
    read_suggestion_token,
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at an introduction, on behalf of one of its clusters."""

    introduction: Introduction
    cluster: Cluster
    user: User

    @property
    def other(self) -> Cluster:
        return self.introduction.other_than(self.cluster.pk)


def get_introduction_for_view(user: Person, pk: int) -> Introduction:
    """Return an introduction of a cluster the person manages; staff gets any."""
    introduction: Introduction = get_object_or_404(
        Introduction.objects.visible_to(user).select_related("asker", "partner"), pk=pk
    )
    return introduction


def get_introduction_for_staff(user: Person, pk: int) -> Introduction:
    """Return any introduction, with the people who acted, for staff."""
    require_staff(user)
    introduction: Introduction = get_object_or_404(
        Introduction.objects.select_related(
            "asker", "partner", "asked_by", "asker_person", "partner_person"
        ),
        pk=pk,
    )
    return introduction


def get_seat(user: Person, pk: int) -> Seat:
    """Return an introduction and the side the person acts for.

    Who manages both sides acts for the one that was asked.

    :raises Http404: when they may not see it.
    :raises PermissionDenied: when they see it as staff but manage neither side.
    """
    introduction = get_introduction_for_view(user, pk)
    for cluster in (introduction.partner, introduction.asker):
        if isinstance(user, User) and _manages(user, cluster):
            return Seat(introduction, cluster, user)
    raise PermissionDenied


def get_introduction_for_withdrawal(user: Person, pk: int) -> Introduction:
    """Return a request the person may take back: as a manager of the asking side, or as staff.

    :raises Http404: when they may not see it.
    :raises PermissionDenied: when their side was asked.
    """
    introduction = get_introduction_for_view(user, pk)
    asks = introduction.origin == IntroductionOrigin.CLUSTER and can_ask(user, introduction.asker)
    if not (asks or (user.is_authenticated and user.is_staff)):
        raise PermissionDenied
    return introduction


def get_seat_by_answer_token(token: str) -> Seat:
    """Return what a mailed link for answering is about."""
    return _seat(read_answer_token(token))


def get_seat_by_outcome_token(token: str) -> Seat:
    """Return what a mailed link for saying what came of it is about."""
    return _seat(read_outcome_token(token))


def _seat(found: Reference | None) -> Seat:
    """Return the seat a link names, as long as its person still manages the cluster.

    :raises Http404: when the link was altered or is too old, or the person has left.
    """
    if found is None:
        raise Http404
    introduction: Introduction = get_object_or_404(
        Introduction.objects.of_cluster(found.cluster).select_related("asker", "partner"),
        pk=found.about,
    )
    cluster = introduction.asker if introduction.asker_id == found.cluster else introduction.partner
    return Seat(introduction, cluster, _manager(found.user, cluster))


def get_pair_for_asking(user: Person, slug: str, partner: str) -> tuple[Cluster, Cluster]:
    """Return a cluster the person manages and one it may be introduced to.

    :raises Http404: when they do not belong to the first, or the second is not public.
    :raises PermissionDenied: when they belong to the first but do not manage it.
    """
    cluster = get_cluster_for_suggestions(user, slug)
    if not (isinstance(user, User) and _manages(user, cluster)):
        raise PermissionDenied
    other: Cluster = get_object_or_404(
        Cluster.objects.published().exclude(pk=cluster.pk), slug=partner
    )
    return cluster, other


def get_pair_by_suggestion_token(token: str) -> tuple[User, Cluster, Cluster]:
    """Return person, cluster and suggested partner of a link in a digest.

    :raises Http404: when the link was altered or is too old, the person has left, or the partner
        is not public any more.
    """
    found = read_suggestion_token(token)
    if found is None:
        raise Http404
    cluster: Cluster = get_object_or_404(Cluster, pk=found.cluster)
    partner: Cluster = get_object_or_404(Cluster.objects.published(), pk=found.about)
    return _manager(found.user, cluster), cluster, partner


def can_ask(user: Person, cluster: Cluster) -> bool:
    """Tell whether the person may ask and answer on the cluster's behalf."""
    return isinstance(user, User) and _manages(user, cluster)


def _manages(user: User, cluster: Cluster) -> bool:
    return bool(Membership.objects.managers().filter(user=user, cluster=cluster).exists())


def _manager(user_id: int, cluster: Cluster) -> User:
    person = (
        Membership.objects.managers()
        .filter(user=user_id, cluster=cluster, user__is_active=True)
        .select_related("user")
        .first()
    )
    if person is None:
        raise Http404
    user: User = person.user
    return user
