"""One search over everything, through the gate of each kind."""

import pytest
from django.test import Client

from clusters.search import refresh_search as refresh_clusters
from events.search import refresh_search as refresh_events
from tests.conftest import World
from tests.factories import make_cluster, make_event, make_need, make_offer, make_topic
from topics.search import refresh_search as refresh_topics

pytestmark = pytest.mark.django_db


def refresh() -> None:
    refresh_clusters()
    refresh_events()
    refresh_topics()


def page(client: Client, query: str) -> str:
    response = client.get("/en/search/", dict(part.split("=", 1) for part in query.split("&")))
    assert response.status_code == 200
    return response.content.decode()


def test_every_kind_is_found(client: Client) -> None:
    cluster = make_cluster(name="Photonics West")
    make_need(cluster, text_en="Photonics partner wanted")
    make_offer(cluster, text_en="Photonics laboratory")
    make_event(title_en="Photonics day")
    make_topic(title_en="Photonics for farms")
    refresh()
    html = page(client, "q=photonics")
    for text in (
        "Photonics West",
        "Photonics partner wanted",
        "Photonics laboratory",
        "Photonics day",
        "Photonics for farms",
    ):
        assert text in html
    assert "5 hits" in html


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (None, {"Public"}),
        ("outsider", {"Public", "Shared"}),
        ("manager", {"Public", "Shared", "Secret"}),
        ("staff", {"Public", "Shared", "Secret"}),
    ],
)
def test_confidential_needs_are_found_by_their_readers_only(
    client: Client, world: World, person: str | None, seen: set[str]
) -> None:
    for text, level in (("Public", "public"), ("Shared", "clusters"), ("Secret", "staff")):
        make_need(world.alpha, text_en=f"{text} photonics", confidentiality=level)
    refresh()
    if person:
        client.force_login(getattr(world, person))
    html = page(client, "q=photonics")
    assert {text for text in ("Public", "Shared", "Secret") if f"{text} photonics" in html} == seen
    assert f"{len(seen)} hit" in html


def test_drafts_of_any_kind_stay_hidden_even_for_typing_errors(client: Client) -> None:
    hidden = make_cluster(name="Photonics draft", status="draft")
    make_need(hidden, text_en="Photonics need of a draft")
    make_event(title_en="Photonics draft day", status="draft")
    make_topic(title_en="Photonics draft topic", status="proposed")
    refresh()
    for query in ("photonics", "photnoics"):
        html = page(client, f"q={query}")
        assert "draft" not in html
        assert "0 hits" in html


def test_one_kind_is_listed_page_by_page(client: Client) -> None:
    for number in range(25):
        make_topic(title_en=f"Photonics {number:02}")
    refresh()
    first = page(client, "q=photonics&in=topics")
    second = page(client, "q=photonics&in=topics&page=2")
    assert first.count("cd-hits__title") == 20
    assert second.count("cd-hits__title") == 5
    assert page(client, "q=photonics").count("cd-hits__title") == 5


@pytest.mark.parametrize(
    "query", ["q=", "q=\x00", "q=((", "q=x&in=nothing", "q=x&page=-1&in=events"]
)
def test_any_input_gets_a_page(client: Client, query: str) -> None:
    assert "</html>" in page(client, query)


def test_what_was_typed_comes_back_escaped(client: Client) -> None:
    html = page(client, "q=<script>alert(1)</script>")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
