"""Rounds: one at a time, shown at once, never half."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from clusters.models import Cluster
from matching.choices import Audience, RoundState
from matching.engine import ranking
from matching.models import Round, Suggestion, Weights
from matching.services import RoundBusyError, compute_round
from matching.services.rounds import KEPT_ROUNDS
from matching.services.turns import LOCK
from tests.factories import make_cluster, make_need, make_offer, make_topic
from tests.matching.rows import make_answering, make_asking, make_sensing, stored
from topics.models import Endorsement

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Cluster, Cluster]:
    term = make_sensing()
    return make_asking(term, name="Asking"), make_answering(term, name="Answering")


def test_the_first_weights_are_published_and_sum_to_1() -> None:
    weights = Weights.objects.published().get()
    parts = ("need", "chain", "bridge", "cross_innovation", "text", "trust")
    assert weights.version == 1
    assert sum(getattr(weights, part) for part in parts) == pytest.approx(1)


def test_a_round_suggests_the_answer_to_a_need_to_both_sides(
    pair: tuple[Cluster, Cluster],
) -> None:
    asking, answering = pair
    done = compute_round()
    assert done.state == RoundState.COMPLETE
    assert done.clusters_count == 2
    assert done.completed_at is not None
    mine = Suggestion.objects.current().get(audience=Audience.CLUSTERS, cluster=asking)
    assert mine.partner == answering
    assert "Ihr Bedarf „Gesucht wird Sensorik für Getriebe“" in mine.reasons[0]["de"]
    assert "Your need “Looking for sensing in gear boxes”" in mine.reasons[0]["en"]
    assert mine.reasons[0]["need"] == asking.needs.get().pk
    theirs = Suggestion.objects.current().get(audience=Audience.CLUSTERS, cluster=answering)
    assert theirs.score == mine.score
    assert "Ihr Angebot" in theirs.reasons[0]["de"]


def test_the_stored_parts_add_up_to_the_benefit(pair: tuple[Cluster, Cluster]) -> None:
    compute_round()
    for row in Suggestion.objects.current():
        parts = row.parts["parts"]
        for way in ("forward", "backward"):
            total = sum(part["weight"] * part[way] for part in parts)
            assert total == pytest.approx(row.parts[f"benefit_{way}"], abs=1e-5)
        assert row.parts["weights_version"] == 1


@pytest.mark.usefixtures("pair")
def test_unchanged_data_lead_to_no_new_round() -> None:
    first = compute_round()
    assert compute_round() == first
    assert Round.objects.count() == 1


def test_changed_data_lead_to_a_new_round(pair: tuple[Cluster, Cluster]) -> None:
    first = compute_round()
    make_offer(pair[0], text_de="Noch ein Angebot")
    assert compute_round().pk > first.pk


def test_what_only_staff_may_read_changes_nothing_for_clusters(
    pair: tuple[Cluster, Cluster],
) -> None:
    asking, answering = pair
    third = make_cluster(innovation_fields=list(answering.innovation_fields.all()))
    make_offer(third, text_de="Messung von Sprödigkeit in Stahl", text_en="Measuring steel")
    compute_round()
    before, staff_before = stored(Audience.CLUSTERS), stored(Audience.STAFF)
    secret = {
        "confidentiality": "staff",
        "text_de": "Vertraulich: Messung von Sprödigkeit in Stahl",
    }
    make_need(asking, **secret)
    make_offer(answering, **secret)
    for cluster in (asking, third):
        Endorsement.objects.get_or_create(
            topic=make_topic(slug=f"quiet-{cluster.pk}"), cluster=cluster, is_public=False
        )
    compute_round()
    assert Round.objects.count() == 2
    assert stored(Audience.CLUSTERS) == before
    assert stored(Audience.STAFF) != staff_before
    assert any("Vertraulich" in str(row) for row in stored(Audience.STAFF))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError("The matrix is not what it was.")

    monkeypatch.setattr(ranking, "choose_lists", fail)


def test_the_old_round_stays_visible_while_a_new_one_is_computed(
    pair: tuple[Cluster, Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    compute_round()
    before = stored(Audience.CLUSTERS)
    seen: list[Any] = []
    compute = ranking.choose_lists

    def look(*args: Any, **kwargs: Any) -> Any:
        seen.append((stored(Audience.CLUSTERS), list(Round.objects.values_list("state"))))
        return compute(*args, **kwargs)

    monkeypatch.setattr(ranking, "choose_lists", look)
    make_need(pair[1], text_de="Anderes")
    compute_round()
    assert [rows for rows, _ in seen] == [before] * 4
    assert (RoundState.RUNNING,) in seen[0][1]
    assert stored(Audience.CLUSTERS) != before


def test_a_failure_keeps_the_old_round_and_tells_its_reason(
    pair: tuple[Cluster, Cluster], request: pytest.FixtureRequest
) -> None:
    compute_round()
    before = stored(Audience.CLUSTERS)
    make_need(pair[1], text_de="Anderes")
    request.getfixturevalue("broken")
    with pytest.raises(ValueError, match="matrix"):
        compute_round()
    failed = Round.objects.order_by("-pk")[0]
    assert failed.state == RoundState.FAILED
    assert failed.failure == "ValueError: The matrix is not what it was."
    assert stored(Audience.CLUSTERS) == before


@pytest.mark.usefixtures("pair")
def test_a_round_left_by_a_dead_process_is_closed() -> None:
    left = Round.objects.create(
        weights=Weights.objects.get(), state=RoundState.RUNNING, inputs_hash="x"
    )
    compute_round()
    left.refresh_from_db()
    assert left.state == RoundState.FAILED


@pytest.mark.usefixtures("pair")
def test_two_processes_never_compute_at_the_same_time() -> None:
    options = connection.get_connection_params()
    place = {name: options[name] for name in ("host", "port", "dbname", "user") if name in options}
    with psycopg.connect(**place, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(RoundBusyError):
            compute_round()
        assert Round.objects.count() == 0
        other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    assert compute_round().state == RoundState.COMPLETE


def test_old_rounds_go_and_the_newest_stay(pair: tuple[Cluster, Cluster]) -> None:
    rounds = []
    for number in range(KEPT_ROUNDS + 2):
        make_need(pair[0], text_de=f"Bedarf Nummer {number}")
        rounds.append(compute_round().pk)
    assert list(Round.objects.order_by("pk").values_list("pk", flat=True)) == rounds[-KEPT_ROUNDS:]


def test_a_suggestion_without_a_reason_is_none() -> None:
    make_cluster(profile_de="", profile_en="")
    make_cluster(profile_de="", profile_en="")
    compute_round()
    assert stored(Audience.CLUSTERS) == []


def test_sentences_that_rest_on_examples_are_marked_and_others_are_not(
    pair: tuple[Cluster, Cluster],
) -> None:
    asking, _ = pair
    asking.needs.update(is_example=True)
    compute_round()
    reasons = Suggestion.objects.current().get(audience=Audience.CLUSTERS, cluster=asking).reasons
    assert [reason.get("example", False) for reason in reasons] == [
        "Bedarf" in reason["de"] for reason in reasons
    ]
    assert {reason.get("example", False) for reason in reasons} == {True, False}
