"""Suggestions for programs: what people see on their page, in both languages."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from clusters.models import Cluster
from matching.choices import Audience
from matching.models import ClusterBlock, Suggestion
from matching.services import compute_round
from tests.conftest import World
from tests.factories import make_manager, make_need
from tests.matching.rows import make_answering, make_sensing

ADDRESS = "/api/v1/suggestions/"


@pytest.fixture
def suggested(world: World) -> World:
    term = make_sensing()
    make_need(
        world.alpha, text_de="Gesucht wird Sensorik.", text_en="Sensing wanted.", terms=[term]
    )
    make_manager(make_answering(term, slug="gamma", name="Gamma"), email="manager@gamma.example")
    compute_round()
    return world


def get(person: User, query: str = "", status: int = 200) -> Any:
    client = Client()
    client.force_login(person)
    response = client.get(f"{ADDRESS}{query}")
    assert response.status_code == status, response.content
    return response.json()


def test_a_manager_reads_the_lists_of_their_own_clusters(suggested: World) -> None:
    answer = get(suggested.manager)
    assert [(row["cluster"], row["partner"]) for row in answer["results"]] == [("alpha", "gamma")]
    row = answer["results"][0]
    stored = Suggestion.objects.current().get(audience=Audience.CLUSTERS, cluster=suggested.alpha)
    assert row["kind"] == "new"
    assert row["rank"] == 1
    assert row["reasons"][0]["de"].startswith("Ihr Bedarf „Gesucht wird Sensorik“")
    assert row["reasons"][0]["en"].startswith("Your need “Sensing wanted”")
    assert row["reasons"][0]["is_example"] is False
    assert row["counter_reasons"] == stored.counter_reasons
    assert (row["weights_version"], row["inputs_hash"]) == (1, stored.inputs_hash)
    assert len(stored.inputs_hash) == 64
    assert row["round_completed_at"]
    assert row["url"].endswith("/de/clusters/alpha/suggestions/")


def test_parts_come_in_words_and_for_staff_in_figures(suggested: World) -> None:
    parts = get(suggested.manager)["results"][0]["parts"]
    assert {part["part"] for part in parts} >= {"need", "chain", "trust"}
    assert {part["level_forward"] for part in parts} <= {"high", "medium", "low", "neutral"}
    assert {part["forward"] for part in parts} == {None}
    assert get(suggested.manager)["results"][0]["score"] is None
    row = get(suggested.staff, "?cluster=alpha")["results"][0]
    assert all(0 <= part["forward"] <= 1 for part in row["parts"])
    assert 0 < row["score"] <= 1


def test_lists_can_be_narrowed_by_cluster_and_kind(suggested: World) -> None:
    assert {row["cluster"] for row in get(suggested.staff)["results"]} == {"alpha", "gamma"}
    assert get(suggested.staff, "?cluster=gamma")["count"] == 1
    assert get(suggested.staff, "?kind=deepen")["count"] == 0
    assert get(suggested.manager, "?kind=new")["count"] == 1
    assert "kind" in get(suggested.manager, "?kind=any", status=400)["errors"]
    assert "clusters" in get(suggested.manager, "?clusters=alpha", status=400)["errors"]


def test_lists_of_others_do_not_exist(suggested: World) -> None:
    assert get(suggested.outsider)["results"] == []
    assert get(suggested.outsider, "?cluster=alpha")["count"] == 0
    assert Client().get(ADDRESS).status_code == 401


def test_a_block_takes_the_pair_out_for_both_sides(suggested: World) -> None:
    gamma = Cluster.objects.get(slug="gamma")
    ClusterBlock.objects.create(cluster=suggested.alpha, blocked=gamma)
    for person in (suggested.manager, User.objects.get(email="manager@gamma.example")):
        assert get(person)["count"] == 0


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(suggested: World, method: str) -> None:
    client = Client()
    client.force_login(suggested.staff)
    assert getattr(client, method)(ADDRESS).status_code == 405
