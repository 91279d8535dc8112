"""Who may see which list of suggestions.

A cluster's list is for its own people and for staff. For everybody else it does not exist (404),
not even as a number.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.access import can_edit
from clusters.models import Cluster
from clusters.querysets import ClusterQuerySet
from matching.choices import Audience
from matching.models import ClusterBlock, Suggestion
from matching.querysets import SuggestionQuerySet
from matching.suggesting.candidates import offered


def audience_of(user: Person) -> Audience:
    """Return whose lists a person reads. Staff's lists rest on entries no cluster may know."""
    return Audience.STAFF if user.is_authenticated and user.is_staff else Audience.CLUSTERS


def clusters_with_suggestions(user: Person) -> ClusterQuerySet:
    """Return the clusters whose lists a person may open: their own, for staff all."""
    clusters: ClusterQuerySet = Cluster.objects.all()
    if audience_of(user) == Audience.STAFF:
        return clusters.by_name()
    return clusters.of_member(user).by_name()


def get_cluster_for_suggestions(user: Person, slug: str) -> Cluster:
    """Return a cluster whose list the person may open, or raise Http404."""
    cluster: Cluster = get_object_or_404(clusters_with_suggestions(user), slug=slug)
    return cluster


def visible_suggestions(user: Person) -> SuggestionQuerySet:
    """Return what a person may see of the round that is shown: lists of their clusters, or all.

    Partners that withdrew, were blocked or were put aside since the round are not among it.
    """
    owners = clusters_with_suggestions(user).published().order_by()
    shown: SuggestionQuerySet = Suggestion.objects.current()
    return offered(shown).filter(audience=audience_of(user), cluster__in=owners.values("pk"))


def current_suggestions(user: Person, cluster: Cluster) -> SuggestionQuerySet:
    """Return the suggestions the person may see for this cluster, or raise Http404."""
    if not clusters_with_suggestions(user).filter(pk=cluster.pk).exists():
        raise Http404
    return visible_suggestions(user).filter(cluster=cluster)


def get_cluster_for_blocks(user: Person, slug: str) -> Cluster:
    """Return a cluster whose wishes not to be suggested the person may see and change.

    :raises Http404: when they may not even see its list.
    :raises PermissionDenied: for members who do not manage it.
    """
    cluster = get_cluster_for_suggestions(user, slug)
    if not can_edit(user, cluster):
        raise PermissionDenied
    return cluster


def get_block_for_lift(user: Person, slug: str, pk: int) -> ClusterBlock:
    """Return a block the person may lift."""
    cluster = get_cluster_for_blocks(user, slug)
    block: ClusterBlock = get_object_or_404(
        ClusterBlock.objects.visible_to(user).select_related("blocked"), pk=pk, cluster=cluster
    )
    block.cluster = cluster
    return block


def get_partner_for_block(cluster: Cluster, slug: str) -> Cluster:
    """Return a cluster one may wish not to be suggested to: any other public one."""
    partner: Cluster = get_object_or_404(
        Cluster.objects.published().exclude(pk=cluster.pk), slug=slug
    )
    return partner
