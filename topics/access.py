"""The gates: each fetches a row and decides whether the person may have it.

Invisible is 404, visible but not allowed is 403. Nothing else hands out these rows.
"""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.people import Person
from clusters.models import Cluster
from topics.choices import TopicStatus
from topics.models import Topic
from topics.querysets import PUBLIC_STATUSES

Clusters = list[Cluster]


def managed_clusters(user: Person) -> Clusters:
    """Return the published clusters the person may speak for, by name."""
    return list(Cluster.objects.managed_by(user).published().by_name())


def manages(user: Person, cluster_id: int) -> bool:
    return bool(Cluster.objects.managed_by(user).filter(pk=cluster_id).exists())


def can_edit(user: Person, topic: Topic) -> bool:
    """Tell whether the person may work on a proposal that staff has not taken up yet."""
    if topic.status != TopicStatus.DRAFT or topic.proposed_by_id is None:
        return False
    return manages(user, topic.proposed_by_id)


def can_withdraw(user: Person, topic: Topic) -> bool:
    """Tell whether the person may take the proposal back while it waits."""
    if topic.status != TopicStatus.PROPOSED or topic.proposed_by_id is None:
        return False
    return manages(user, topic.proposed_by_id)


def get_topic(user: Person, slug: str) -> Topic:
    """Return a topic the person may read."""
    topics = Topic.objects.visible_to(user).with_card_data(user)
    topic: Topic = get_object_or_404(topics.select_related("merged_into"), slug=slug)
    return topic


def get_clusters_for_propose(user: Person) -> Clusters:
    """Return the clusters the person may propose a topic for.

    :raises PermissionDenied: when there is none.
    """
    clusters = managed_clusters(user)
    if not clusters:
        raise PermissionDenied
    return clusters


def get_cluster_for_propose(user: Person, slug: str) -> Cluster:
    """Return the cluster named, if the person may speak for it.

    :raises Http404: when they may not even see it.
    :raises PermissionDenied: when they see it but do not manage it.
    """
    for cluster in managed_clusters(user):
        if cluster.slug == slug:
            return cluster
    get_object_or_404(Cluster.objects.visible_to(user), slug=slug)
    raise PermissionDenied


def get_topic_for_edit(user: Person, slug: str) -> Topic:
    """Return a draft of a cluster the person manages.

    :raises Http404: when they may not see it.
    :raises PermissionDenied: when they see it but may not change it.
    """
    topic = get_topic(user, slug)
    if not can_edit(user, topic):
        raise PermissionDenied
    return topic


def get_topic_for_withdraw(user: Person, slug: str) -> Topic:
    """Return a topic that a cluster the person manages has proposed.

    :raises Http404: when they may not see it.
    :raises PermissionDenied: when it is not theirs.
    """
    topic = get_topic(user, slug)
    if topic.proposed_by_id is None or not manages(user, topic.proposed_by_id):
        raise PermissionDenied
    return topic


def get_topic_for_endorse(user: Person, slug: str) -> tuple[Topic, Clusters]:
    """Return a published topic and the clusters whose voice the person may give.

    :raises Http404: when the topic is not published.
    :raises PermissionDenied: when the person manages no cluster.
    """
    topics = Topic.objects.filter(status__in=PUBLIC_STATUSES)
    topic: Topic = get_object_or_404(topics, slug=slug)
    return topic, get_clusters_for_propose(user)


def get_topic_for_follow(user: Person, slug: str) -> Topic:
    """Return a published topic a signed-in person may follow."""
    if not user.is_authenticated:
        raise PermissionDenied
    topic: Topic = get_object_or_404(Topic.objects.published(), slug=slug)
    return topic


def get_topic_for_review(user: Person, slug: str) -> Topic:
    """Return a topic staff may decide about.

    :raises Http404: when the person may not see it.
    :raises PermissionDenied: when they are not staff.
    """
    topic = get_topic(user, slug)
    if not (user.is_authenticated and user.is_staff):
        raise PermissionDenied
    return topic
