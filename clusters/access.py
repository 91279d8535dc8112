"""The gates: each fetches a row and decides whether the person may have it.

Invisible is 404, visible but not allowed is 403. Nothing else hands out these rows.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.choices import ChangeTarget, ReviewState
from clusters.models import (
    Application,
    ChangeRequest,
    Cluster,
    Document,
    Membership,
    MembershipInvitation,
    Need,
    Offer,
)
from clusters.tokens import read_application_token


def can_edit(user: Person, cluster: Cluster) -> bool:
    """Tell whether the person may prepare changes: the cluster's managers and staff."""
    if not user.is_authenticated:
        return False
    return user.is_staff or cluster.memberships.managers().filter(user=user).exists()


def require_staff(user: Person) -> None:
    """Let staff in; for everybody else the page does not exist."""
    if not (user.is_authenticated and user.is_staff):
        raise Http404


def get_cluster_for_view(user: Person, slug: str) -> Cluster:
    """Return a profile the person may read.

    :raises Http404: for drafts of others, archived ones and what does not exist.
    """
    cluster: Cluster = get_object_or_404(
        Cluster.objects.visible_to(user)
        .select_related("district")
        .defer("search_vector", "search_text"),
        slug=slug,
    )
    return cluster


def get_cluster_for_contact(user: Person, slug: str) -> Cluster:
    """Return a profile one may write to: a public one."""
    cluster: Cluster = get_object_or_404(Cluster.objects.published(), slug=slug)
    return cluster


def get_document_for_view(user: Person, slug: str, pk: int) -> Document:
    """Return a file the person may read, of a profile they may read."""
    document: Document = get_object_or_404(
        Document.objects.visible_to(user), pk=pk, cluster=get_cluster_for_view(user, slug)
    )
    return document


def get_cluster_for_edit(user: Person, slug: str) -> Cluster:
    """Return a cluster the person may prepare changes of.

    :raises Http404: when they may not even see it.
    :raises PermissionDenied: when they see it but do not manage it.
    """
    cluster: Cluster = get_object_or_404(Cluster.objects.visible_to(user), slug=slug)
    if not can_edit(user, cluster):
        raise PermissionDenied
    return cluster


def get_own_cluster(user: Person, slug: str) -> Cluster:
    """Return a cluster the person belongs to.

    :raises Http404: when they may not even see it.
    :raises PermissionDenied: when they see it but are no member of it.
    """
    cluster: Cluster = get_object_or_404(Cluster.objects.visible_to(user), slug=slug)
    if not Cluster.objects.of_member(user).filter(pk=cluster.pk).exists():
        raise PermissionDenied
    return cluster


def get_change_for_edit(user: Person, slug: str, pk: int) -> ChangeRequest:
    """Return a change of a cluster the person may edit, whatever its state."""
    cluster = get_cluster_for_edit(user, slug)
    change: ChangeRequest = get_object_or_404(
        ChangeRequest.objects.select_related("need", "offer", "author", "decided_by"),
        pk=pk,
        cluster=cluster,
    )
    change.cluster = cluster
    return change


def get_change_for_review(user: Person, pk: int) -> ChangeRequest:
    """Return a change staff decides or has decided on; a manager's draft is nobody else's."""
    require_staff(user)
    change: ChangeRequest = get_object_or_404(
        ChangeRequest.objects.exclude(state=ReviewState.DRAFT).select_related(
            "cluster", "need", "offer", "author", "decided_by"
        ),
        pk=pk,
    )
    return change


def get_application_for_edit(token: str) -> Application:
    """Return the application a mailed link belongs to, while staff waits for its changes."""
    pk = read_application_token(token)
    application: Application = get_object_or_404(
        Application, pk=pk, state=ReviewState.CHANGES_REQUESTED
    )
    return application


def get_application_for_review(user: Person, pk: int) -> Application:
    """Return an application staff decides or has decided on."""
    require_staff(user)
    application: Application = get_object_or_404(
        Application.objects.exclude(state=ReviewState.DRAFT).select_related(
            "district", "cluster", "decided_by"
        ),
        pk=pk,
    )
    return application


def get_statement_for_edit(user: Person, slug: str, kind: str, pk: int) -> Need | Offer:
    """Return a need or offer (``kind`` says which) of a cluster the person may edit."""
    cluster = get_cluster_for_edit(user, slug)
    model = Need if kind == ChangeTarget.NEED else Offer
    entry: Need | Offer = get_object_or_404(
        model.objects.select_related("stage").prefetch_related("terms"), pk=pk, cluster=cluster
    )
    entry.cluster = cluster
    return entry


def get_membership_for_edit(user: Person, slug: str, pk: int) -> Membership:
    """Return an active membership of a cluster the person may edit."""
    cluster = get_cluster_for_edit(user, slug)
    membership: Membership = get_object_or_404(
        Membership.objects.active().select_related("user"), pk=pk, cluster=cluster
    )
    membership.cluster = cluster
    return membership


def get_invitation_for_edit(user: Person, slug: str, pk: int) -> MembershipInvitation:
    """Return an invitation still open, of a cluster the person may edit."""
    cluster = get_cluster_for_edit(user, slug)
    invitation: MembershipInvitation = get_object_or_404(
        MembershipInvitation, pk=pk, cluster=cluster, accepted_at=None, revoked_at=None
    )
    invitation.cluster = cluster
    return invitation


def get_document_for_edit(user: Person, slug: str, pk: int) -> Document:
    """Return a document of a cluster the person may edit."""
    document: Document = get_object_or_404(
        Document, pk=pk, cluster=get_cluster_for_edit(user, slug)
    )
    return document
