"""A changed profile leads through a real worker to new suggestions."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from clusters.models import Cluster
from clusters.services.publication import publish_cluster
from dialog.celery import app
from matching.choices import RoundState
from matching.models import Round, Suggestion, Weights
from matching.tasks import refresh_suggestions_soon
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.factories import make_manager, make_term, make_topic, make_user
from tests.matching.rows import make_answering, make_asking, make_sensing
from tests.processes import wait_until
from topics.services import endorse_topic


@pytest.fixture
def weights(transactional_db: None) -> Weights:
    """Other tests may have emptied the tables the migration filled."""
    weights: Weights = Weights.objects.get_or_create(
        version=1, defaults={"published_at": "2026-01-01T00:00Z"}
    )[0]
    return weights


def waiting() -> int:
    """How many tasks lie in the broker."""
    with app.connection_for_read() as link:
        channel: Any = link.default_channel
        return int(channel.queue_declare("celery").message_count)


@pytest.mark.usefixtures("weights")
def test_publishing_a_profile_leads_to_suggestions(tmp_path: Path) -> None:
    term = make_sensing()
    asking = make_asking(term, slug="asking")
    make_manager(asking)
    answering = make_answering(term, slug="answering", status="draft")
    drop_waiting_tasks()
    with celery_worker(tmp_path):
        publish_cluster(user=make_user(is_staff=True), cluster=answering)
        wait_until(Suggestion.objects.current().filter(cluster=asking).exists, "suggestions", 60)
    assert Suggestion.objects.current().filter(cluster=asking, partner=answering).count() == 2
    assert Round.objects.get().state == RoundState.COMPLETE


@pytest.mark.usefixtures("weights")
def test_many_changes_within_seconds_ask_for_one_round() -> None:
    drop_waiting_tasks()
    staff = make_user(is_staff=True)
    for slug in ("one", "two", "three"):
        cluster = make_answering(make_term(), slug=slug, status="draft")
        publish_cluster(user=staff, cluster=cluster)
    assert waiting() == 1
    # The task forgets that it was asked for before it reads, so a later change asks anew.
    cache.clear()
    refresh_suggestions_soon()
    assert waiting() == 2
    drop_waiting_tasks()


@pytest.mark.usefixtures("weights")
def test_a_voice_for_a_topic_asks_for_a_round() -> None:
    drop_waiting_tasks()
    cluster = Cluster.objects.create(slug="one", name="One")
    topic = make_topic()
    assert waiting() == 0
    endorse_topic(user=make_user(), topic=topic, cluster=cluster, short_term=2, mid_term=2)
    assert waiting() == 1
    drop_waiting_tasks()
