"""Who may see which list of suggestions.

A cluster's list is for its own people and for staff. For everybody else it does not exist (404),
not even as a number.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.models import Cluster
from clusters.querysets import ClusterQuerySet
from matching.choices import Audience
from matching.models import Suggestion
from matching.querysets import SuggestionQuerySet


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


def current_suggestions(user: Person, cluster: Cluster) -> SuggestionQuerySet:
    """Return the suggestions the person may see for this cluster, or raise Http404."""
    if not clusters_with_suggestions(user).filter(pk=cluster.pk).exists():
        raise Http404
    suggestions: SuggestionQuerySet = Suggestion.objects.current()
    if not cluster.is_published:
        return suggestions.none()
    return suggestions.still_offered().filter(cluster=cluster, audience=audience_of(user))
