"""Who may ask what: about a need its own people, about topics those who stand for them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.access import require_staff
from clusters.choices import StatementStatus
from clusters.models import Cluster, Need
from events.models import Event
from matching.access.suggestions import get_cluster_for_suggestions
from topics.models import Endorsement, Topic


def get_need_for_answers(user: Person, slug: str, pk: int) -> Need:
    """Return a need of a cluster the person belongs to, for staff of any; else Http404."""
    cluster = get_cluster_for_suggestions(user, slug)
    needs = Need.objects.select_related("stage").prefetch_related("terms")
    need: Need = get_object_or_404(
        needs.exclude(status=StatementStatus.ARCHIVED), pk=pk, cluster=cluster
    )
    need.cluster = cluster
    return need


def clusters_standing_for(user: Person, topic: Topic) -> list[Cluster]:
    """Return the clusters the person manages that proposed or endorsed a topic."""
    if not user.is_authenticated:
        return []
    voices = Endorsement.objects.filter(topic=topic).values("cluster")
    managed = Cluster.objects.managed_by(user).published()
    own = managed.filter(pk__in=voices) | managed.filter(pk=topic.proposed_by_id)
    return list(own.distinct())


def get_topic_for_circle(user: Person, slug: str) -> tuple[Topic, list[Cluster]]:
    """Return a published topic, and the clusters in whose name the person asks (none for staff).

    :raises Http404: when they may not even see the topic.
    :raises PermissionDenied: when no cluster they manage stands for it.
    """
    topics = Topic.objects.visible_to(user).published().select_related("proposed_by")
    topic: Topic = get_object_or_404(
        topics.prefetch_related("terms", "innovation_fields"), slug=slug
    )
    if user.is_authenticated and user.is_staff:
        return topic, []
    own = clusters_standing_for(user, topic)
    if not own:
        raise PermissionDenied
    return topic, own


def get_event_for_circle(user: Person, slug: str) -> Event:
    """Return an event staff may invite to; for everybody else the page does not exist."""
    require_staff(user)
    events = Event.objects.visible_to(user).prefetch_related(
        "topics__terms", "topics__innovation_fields", "terms", "innovation_fields"
    )
    event: Event = get_object_or_404(events, slug=slug)
    return event


def get_pair(user: Person, slug: str, partner: str) -> tuple[Cluster, Cluster]:
    """Return an own cluster, for staff any, and another to look at it with: public, and for
    others than staff one that agreed to be suggested.
    """
    cluster = get_cluster_for_suggestions(user, slug)
    others = Cluster.objects.published() if user.is_staff else Cluster.objects.suggestible()
    other: Cluster = get_object_or_404(others, slug=partner)
    if other.pk == cluster.pk:
        raise Http404
    return cluster, other
