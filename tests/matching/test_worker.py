"""A changed profile leads through a real worker to new suggestions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from clusters.models import Cluster
from clusters.services.publication import publish_cluster
from clusters.services.statements import extend_statement
from dialog.celery import app
from matching.choices import Audience, RoundState
from matching.models import Round, RoundShard, Suggestion, Weights
from matching.services import compute_round
from matching.tasks import compute_suggestions, refresh_suggestions_soon, resume_round
from tests.celery_worker import celery_worker, drop_waiting_tasks, kill_worker
from tests.factories import (
    make_cluster,
    make_manager,
    make_need,
    make_offer,
    make_term,
    make_topic,
    make_user,
)
from tests.matching.rows import make_answering, make_asking, make_sensing, stored
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


@contextmanager
def slow_parts(seconds: float) -> Iterator[None]:
    """Let the database take its time over each finished part of a round."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION slow_part() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$;"
            "CREATE TRIGGER slow_part BEFORE UPDATE ON matching_roundshard"
            " FOR EACH ROW EXECUTE FUNCTION slow_part()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION slow_part() CASCADE")


@pytest.mark.usefixtures("weights")
def test_a_worker_killed_in_the_middle_loses_one_part_and_the_next_takes_up_the_rest(
    tmp_path: Path,
) -> None:
    term = make_sensing()
    clusters = [make(term) for _ in range(4) for make in (make_asking, make_answering)]
    old = compute_round()
    shown = stored(Audience.CLUSTERS)
    for cluster in clusters:
        make_need(cluster, text_de="Gesucht wird die Messung von Stahl.")
        make_offer(cluster, text_de="Wir bieten die Messung von Stahl.")
    drop_waiting_tasks()
    with slow_parts(0.4), celery_worker(tmp_path, concurrency=1, ROUND_SHARD="1") as worker:
        compute_suggestions.delay()
        wait_until(RoundShard.objects.exclude(done_at=None).exclude(round=old).exists, "a part", 60)
        kill_worker(worker)
    drop_waiting_tasks()
    left = Round.objects.with_progress().get(state=RoundState.RUNNING)
    assert 0 < left.percent < 100
    done = dict(left.shards.exclude(done_at=None).values_list("pk", "done_at"))
    # What is half computed is nobody's list.
    assert stored(Audience.CLUSTERS) == shown
    with celery_worker(tmp_path, concurrency=1, ROUND_SHARD="1"):
        resume_round.delay()
        wait_until(Round.objects.complete().filter(pk=left.pk).exists, "the round", 60)
    kept = dict(left.shards.filter(pk__in=done).values_list("pk", "done_at"))
    assert kept == done
    resumed = [stored(audience) for audience in Audience]
    assert resumed[0] != shown
    Round.objects.all().delete()
    compute_round()
    assert [stored(audience) for audience in Audience] == resumed


@pytest.mark.usefixtures("weights")
def test_a_changed_offer_is_visible_without_a_new_round(tmp_path: Path) -> None:
    term = make_sensing()
    asking, answering = make_asking(term, slug="asking"), make_cluster(slug="answering")
    manager = make_manager(answering)
    compute_round()
    drop_waiting_tasks()
    offer = make_offer(
        answering,
        text_de="Wir bauen Sensorik für Getriebe.",
        terms=[term],
        valid_until=timezone.localdate(),
    )
    with celery_worker(tmp_path):
        # A change as its people make it.
        extend_statement(user=manager, entry=offer)
        pair = Suggestion.objects.current().filter(cluster=asking, partner=answering)
        wait_until(
            lambda: any("Angebot" in str(row.reasons) for row in pair.all()), "suggestions", 60
        )
    shown = Round.objects.get()
    assert shown.amended_at is not None
