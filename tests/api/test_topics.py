"""Programs propose topics and give the voice of their cluster."""

import pytest
from django.test import Client

from tests.api.test_writing import program
from tests.conftest import World
from tests.factories import make_cluster, make_field, make_term, make_topic
from topics.choices import TopicStatus
from topics.models import Endorsement, Topic

pytestmark = pytest.mark.django_db
PROPOSAL = {
    "cluster": "alpha",
    "title": {"de": "Wärme aus Abwasser"},
    "summary": {"de": "Viele haben es, keiner nutzt es."},
}
VOICE = {"short_term": 2, "mid_term": 3, "contribution": "Ein Prüfstand"}
JSON = "application/json"
ADDRESS = "/api/v1/topics/heat/endorsements/alpha/"


def test_a_proposal_waits_for_staff(world: World) -> None:
    make_field(code="energie")
    make_term(code="sensorik")
    answer = program(world.manager).post(
        "/api/v1/topics/",
        {**PROPOSAL, "innovation_fields": ["energie"], "terms": ["sensorik"]},
        content_type=JSON,
    )
    assert answer.status_code == 201, answer.content
    row = answer.json()
    assert (row["status"], row["proposed_by"]) == ("proposed", "alpha")
    assert (row["innovation_fields"], row["terms"]) == (["energie"], ["sensorik"])
    topic = Topic.objects.get(slug=row["slug"])
    assert (topic.author, topic.status) == (world.manager, TopicStatus.PROPOSED)
    assert Client().get(f"/api/v1/topics/{topic.slug}/").status_code == 404


@pytest.mark.parametrize(("person", "status"), [("outsider", 403), ("member", 403), ("staff", 403)])
def test_only_managers_speak_for_their_cluster(world: World, person: str, status: int) -> None:
    make_topic(slug="heat")
    theirs = program(getattr(world, person))
    assert theirs.post("/api/v1/topics/", PROPOSAL, content_type=JSON).status_code == status
    assert theirs.put(ADDRESS, VOICE, content_type=JSON).status_code == status
    assert theirs.delete(ADDRESS).status_code == status
    assert Topic.objects.count() == 1
    assert not Endorsement.objects.exists()


def test_a_visitor_is_asked_who_they_are(client: Client, world: World) -> None:
    make_topic(slug="heat")
    assert client.post("/api/v1/topics/", PROPOSAL, content_type=JSON).status_code == 401
    assert client.put(ADDRESS, VOICE, content_type=JSON).status_code == 401


def test_a_cluster_nobody_sees_is_not_there(world: World) -> None:
    make_cluster(slug="hidden", status="draft")
    wish = {**PROPOSAL, "cluster": "hidden"}
    answer = program(world.manager).post("/api/v1/topics/", wish, content_type=JSON)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"summary": {"en": "Why"}}, "summary"),
        ({"wanted": {"en": "Data"}}, "title"),
        ({"title": {"de": "x" * 161}}, "title"),
        ({"terms": ["nowhere"]}, "terms"),
    ],
)
def test_a_half_proposal_is_refused(world: World, change: dict[str, object], named: str) -> None:
    answer = program(world.manager).post(
        "/api/v1/topics/", {**PROPOSAL, **change}, content_type=JSON
    )
    assert answer.status_code == 400
    assert named in answer.json()["errors"]
    assert not Topic.objects.exists()


def test_a_cluster_gives_one_voice_and_takes_it_back(world: World) -> None:
    make_topic(slug="heat")
    ours = program(world.manager)
    for potential in (1, 3):
        wish = {**VOICE, "mid_term": potential}
        answer = ours.put(ADDRESS, wish, content_type=JSON)
        assert answer.status_code == 200, answer.content
    assert answer.json()["endorsed_by"] == ["alpha"]
    voice = Endorsement.objects.get()
    assert (voice.mid_term, voice.contribution, voice.is_public) == (3, "Ein Prüfstand", True)
    assert [ours.delete(ADDRESS).status_code for _ in range(2)] == [204, 204]
    assert not Endorsement.objects.exists()


def test_a_voice_may_be_kept_from_the_public(world: World) -> None:
    make_topic(slug="heat")
    wish = {**VOICE, "is_public": False}
    answer = program(world.manager).put(ADDRESS, wish, content_type=JSON)
    assert answer.json()["endorsed_by"] == []
    assert not Endorsement.objects.get().is_public


def test_a_topic_nobody_sees_takes_no_voice(world: World) -> None:
    make_topic(slug="heat", status=TopicStatus.DRAFT)
    answer = program(world.manager).put(ADDRESS, VOICE, content_type=JSON)
    assert answer.status_code == 404


def test_a_topic_that_is_done_takes_no_voice(world: World) -> None:
    make_topic(slug="heat", status=TopicStatus.DONE)
    answer = program(world.manager).put(ADDRESS, VOICE, content_type=JSON)
    assert answer.status_code == 422
