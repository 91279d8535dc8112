"""What programs read without signing in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.throttling import AnonRateThrottle

from clusters.choices import ClusterStatus, Confidentiality, TermKind
from clusters.models import Cluster
from events.choices import EventStatus
from tests.conftest import World
from tests.factories import (
    make_cluster,
    make_district,
    make_event,
    make_field,
    make_need,
    make_offer,
    make_term,
    make_topic,
)
from topics.choices import TopicStatus

pytestmark = pytest.mark.django_db


def names(client: Client, address: str, key: str = "slug") -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return [row[key] for row in response.json()["results"]]


def test_a_cluster_comes_with_both_languages_codes_and_sources(client: Client) -> None:
    technology = make_term(code="ki")
    stage = make_term(TermKind.STAGE, code="forschung")
    make_cluster(
        slug="gamma",
        name="Gamma",
        profile_de="Wärme",
        profile_en="Heat",
        full_name_de="Gamma-Netz",
        full_name_en="",
        district=make_district(code="detmold"),
        innovation_fields=[make_field(code="energie")],
        terms=[technology, stage],
        sources={"name": ["seed:000"]},
    )
    row = client.get("/api/v1/clusters/gamma/").json()
    assert row["profile"] == {"de": "Wärme", "en": "Heat"}
    assert row["full_name"] == {"de": "Gamma-Netz", "en": None}
    assert row["district"] == "detmold"
    assert row["innovation_fields"] == ["energie"]
    assert (row["technologies"], row["stages"], row["sectors"]) == (["ki"], ["forschung"], [])
    assert row["sources"] == {"name": ["seed:000"]}
    assert row["url"].endswith("/de/clusters/gamma/")


def test_addresses_for_contact_are_nowhere(client: Client) -> None:
    make_cluster(contact_email="secret@clusters.example")
    assert b"secret@clusters.example" not in client.get("/api/v1/clusters/").content


@pytest.mark.parametrize("status", [ClusterStatus.DRAFT, ClusterStatus.SUBMITTED, "archived"])
def test_unpublished_clusters_are_not_there(client: Client, status: str) -> None:
    hidden = make_cluster(status=status)
    make_need(hidden)
    assert names(client, "/api/v1/clusters/") == []
    assert names(client, "/api/v1/needs/", "id") == []
    assert client.get(f"/api/v1/clusters/{hidden.slug}/").status_code == 404


@pytest.mark.parametrize("make", [make_need, make_offer])
def test_confidential_entries_stay_where_they_were_put(make: object, world: World) -> None:
    address = "/api/v1/needs/" if make is make_need else "/api/v1/offers/"
    for level in Confidentiality.values:
        make(world.alpha, text_de=level, confidentiality=level)  # type: ignore[operator]
    expected = {
        None: {"public"},
        world.outsider: {"public", "clusters"},
        world.manager: {"public", "clusters", "staff"},
        world.staff: {"public", "clusters", "staff"},
    }
    for person, levels in expected.items():
        client = Client()
        if person is not None:
            client.force_login(person)
        rows = client.get(address).json()
        assert {row["text"]["de"] for row in rows["results"]} == levels
        assert rows["count"] == len(levels)


def test_drafts_of_topics_and_events_are_not_there(client: Client) -> None:
    make_topic(slug="open")
    make_topic(slug="draft", status=TopicStatus.DRAFT)
    make_event(slug="published")
    hidden = make_event(slug="planned", status=EventStatus.DRAFT)
    hidden.sessions.create(code="a", part="plenary", title_de="Geheim")
    assert names(client, "/api/v1/topics/") == ["open"]
    assert names(client, "/api/v1/events/") == ["published"]
    assert names(client, "/api/v1/sessions/", "id") == []


def test_a_private_endorsement_does_not_show(client: Client, world: World) -> None:
    topic = make_topic(slug="heat")
    topic.endorsements.create(cluster=world.alpha, is_public=False)
    topic.endorsements.create(cluster=world.beta)
    assert client.get("/api/v1/topics/heat/").json()["endorsed_by"] == ["beta"]


def test_a_topic_does_not_reveal_unpublished_clusters(client: Client) -> None:
    hidden = make_cluster(slug="hidden", status=ClusterStatus.ARCHIVED)
    topic = make_topic(slug="heat", proposed_by=hidden)
    topic.endorsements.create(cluster=hidden)
    row = client.get("/api/v1/topics/heat/").json()
    assert (row["proposed_by"], row["endorsed_by"]) == (None, [])
    Cluster.objects.update(status=ClusterStatus.PUBLISHED)
    row = client.get("/api/v1/topics/heat/").json()
    assert (row["proposed_by"], row["endorsed_by"]) == ("hidden", ["hidden"])


def test_a_label_that_has_run_out_does_not_show(client: Client) -> None:
    cluster = make_cluster(slug="gamma")
    yesterday = timezone.localdate() - timedelta(days=1)
    cluster.labels.create(code="a", scheme="ecei", level="gold", valid_until=yesterday)
    cluster.labels.create(code="b", scheme="ecei", level="bronze")
    assert client.get("/api/v1/clusters/gamma/").json()["labels"] == ["bronze"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/clusters/?q=geheim",
        "/api/v1/clusters/?open_needs=true",
        "/api/v1/needs/?q=geheim",
        "/api/v1/needs/?cluster=alpha",
        "/api/v1/events/?topic=secret",
        "/api/v1/sessions/?event=planned",
        "/api/v1/topics/?q=geheim",
    ],
)
def test_no_filter_finds_what_is_hidden(client: Client, world: World, address: str) -> None:
    make_need(world.alpha, text_de="Geheim", confidentiality=Confidentiality.STAFF)
    make_topic(slug="secret", title_de="Geheim", status=TopicStatus.DRAFT)
    event = make_event(slug="planned", title_de="Geheim", status=EventStatus.DRAFT)
    event.sessions.create(code="a", part="plenary", title_de="Geheim")
    answer = client.get(address)
    # Naming a hidden topic is answered as naming one that does not exist.
    assert answer.status_code == 400 if "topic=" in address else answer.json()["count"] == 0
    assert b"Geheim" not in answer.content


def test_events_are_upcoming_or_past(client: Client) -> None:
    now = timezone.now()
    make_event(slug="next", starts_at=now + timedelta(days=2))
    make_event(slug="last", starts_at=now - timedelta(days=2), ends_at=None)
    assert names(client, "/api/v1/events/?when=upcoming") == ["next"]
    assert names(client, "/api/v1/events/?when=past") == ["last"]
    # The clock changes this answer, not the data: nothing to keep it by.
    assert "ETag" not in client.get("/api/v1/events/?when=upcoming").headers
    assert client.get("/api/v1/events/").headers["ETag"]


def test_an_event_does_not_reveal_unpublished_clusters_and_links(client: Client) -> None:
    event = make_event(slug="fair", online_url="https://meet.example/secret")
    event.sessions.create(
        code="a", part="plenary", title_de="Teil", online_url="https://meet.example/part"
    )
    event.clusters.set([make_cluster(slug="seen"), make_cluster(slug="unseen", status="draft")])
    response = client.get("/api/v1/events/fair/")
    assert response.json()["clusters"] == ["seen"]
    assert b"meet.example" not in response.content
    assert b"meet.example" not in client.get("/api/v1/sessions/").content


def test_pages_have_a_size_and_an_end(client: Client) -> None:
    for _ in range(3):
        make_cluster()
    first = client.get("/api/v1/clusters/?page_size=2").json()
    assert (first["count"], len(first["results"])) == (3, 2)
    assert first["next"]
    assert client.get("/api/v1/clusters/?page=9").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["clusters", "needs", "offers", "terms", "topics", "events", "sessions", "innovation-fields"],
)
def test_a_list_takes_as_many_queries_for_20_rows_as_for_2(address: str, client: Client) -> None:
    def grow(n: int) -> None:
        for _ in range(n):
            field, term = make_field(), make_term()
            cluster = make_cluster(innovation_fields=[field], terms=[term])
            make_need(cluster, terms=[term])
            make_offer(cluster, terms=[term])
            topic = make_topic()
            topic.terms.add(term)
            event = make_event()
            event.topics.add(topic)
            event.clusters.add(cluster)
            event.sessions.create(code="a", part="plenary", title_de="Teil")

    counts = []
    for more in (2, 18):
        grow(more)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"/api/v1/{address}/").json()["results"]) >= 2
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_unchanged_answers_cost_a_304_and_changed_ones_do_not(client: Client) -> None:
    cluster = make_cluster()
    first = client.get("/api/v1/clusters/")
    again = client.get("/api/v1/clusters/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert "Authorization" in again.headers["Vary"]
    assert again.content == b""
    Cluster.objects.filter(pk=cluster.pk).update(carrier="Anders")
    changed = client.get("/api/v1/clusters/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["results"][0]["carrier"] == "Anders"


def test_answers_for_somebody_are_never_shared(world: World) -> None:
    client = Client()
    client.force_login(world.manager)
    response = client.get("/api/v1/needs/")
    assert "ETag" not in response.headers
    assert "no-store" in response.headers["Cache-Control"]


def test_errors_are_problem_documents(client: Client) -> None:
    missing = client.get("/api/v1/clusters/nowhere/")
    assert missing.status_code == 404
    assert missing.headers["Content-Type"].startswith("application/problem+json")
    assert missing.json()["status"] == 404
    bad = client.get("/api/v1/clusters/?district=atlantis")
    assert bad.status_code == 400
    assert "district" in bad.json()["errors"]


def test_too_many_requests_are_told_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})
    answers = [client.get("/api/v1/districts/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
