"""Rows only these tests need."""

from typing import Any

from clusters.models import Cluster
from tests.factories import make_topic
from topics.choices import TopicStatus
from topics.models import Endorsement, Topic


def make_endorsement(topic: Topic, cluster: Cluster, **fields: Any) -> Endorsement:
    endorsement: Endorsement = Endorsement.objects.create(topic=topic, cluster=cluster, **fields)
    return endorsement


def make_proposal(cluster: Cluster, status: str = TopicStatus.PROPOSED, **fields: Any) -> Topic:
    """A topic with title and reason in German that the public does not see."""
    values = {"summary_de": "Weil es wichtig ist.", "proposed_by": cluster, "status": status}
    return make_topic(**{**values, **fields})
