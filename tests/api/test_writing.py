"""What programs may change with a token, and what becomes of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import TokenScope
from accounts.models import User
from accounts.services import create_token
from clusters.choices import ReviewState
from clusters.models import ChangeRequest, Need
from tests.conftest import World
from tests.factories import make_need, make_term

pytestmark = pytest.mark.django_db
NEED = {
    "cluster": "alpha",
    "text": {"de": "Sensorik für Getriebe"},
    "confidentiality": "clusters",
}


def program(person: User, scope: TokenScope = TokenScope.WRITE) -> Client:
    """Return a client that comes with a token of this person."""
    _token, secret = create_token(user=person, name="test", scope=scope, days=7)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_new_need_waits_for_review(world: World) -> None:
    term = make_term(code="sensorik")
    answer = program(world.manager).post(
        "/api/v1/needs/", {**NEED, "terms": ["sensorik"]}, content_type="application/json"
    )
    assert answer.status_code == 202, answer.content
    change = ChangeRequest.objects.get(pk=answer.json()["id"])
    assert change.state == ReviewState.SUBMITTED
    assert change.values["text_de"] == "Sensorik für Getriebe"
    assert change.values["terms"] == [term.pk]
    assert not Need.objects.exists()


def test_a_program_can_follow_what_became_of_its_change(world: World) -> None:
    ours = program(world.manager)
    number = ours.post("/api/v1/needs/", NEED, content_type="application/json").json()["id"]
    assert ours.get(f"/api/v1/changes/{number}/").json()["state"] == "submitted"
    assert program(world.outsider).get(f"/api/v1/changes/{number}/").status_code == 404
    assert Client().get(f"/api/v1/changes/{number}/").status_code == 401


def test_a_profile_change_waits_for_review_and_leaves_the_rest(world: World) -> None:
    answer = program(world.manager).patch(
        "/api/v1/clusters/alpha/",
        {"profile": {"en": "We dry things."}, "city": "Essen"},
        content_type="application/json",
    )
    assert answer.status_code == 202, answer.content
    change = ChangeRequest.objects.get()
    assert change.values == {"profile_en": "We dry things.", "city": "Essen"}
    world.alpha.refresh_from_db()
    assert world.alpha.city == ""


def test_a_second_change_is_refused_while_the_first_is_open(world: World) -> None:
    ours = program(world.manager)
    change = {"city": "Essen"}
    ours.patch("/api/v1/clusters/alpha/", change, content_type="application/json")
    again = ours.patch("/api/v1/clusters/alpha/", change, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "open_change")


def test_deleting_archives_at_once(world: World) -> None:
    need = make_need(world.alpha)
    assert program(world.manager).delete(f"/api/v1/needs/{need.pk}/").status_code == 204
    need.refresh_from_db()
    assert need.status == "archived"


def test_only_the_own_cluster_can_be_written(world: World) -> None:
    need = make_need(world.alpha)
    other = program(world.outsider)
    assert other.delete(f"/api/v1/needs/{need.pk}/").status_code == 403
    answer = other.post("/api/v1/needs/", NEED, content_type="application/json")
    assert answer.status_code == 403
    assert not ChangeRequest.objects.exists()


def test_a_hidden_need_of_others_is_not_there(world: World) -> None:
    need = make_need(world.alpha, confidentiality="staff")
    assert program(world.outsider).delete(f"/api/v1/needs/{need.pk}/").status_code == 404


def test_a_reading_token_does_not_write(world: World) -> None:
    reader = program(world.manager, TokenScope.READ)
    assert reader.get("/api/v1/needs/").status_code == 200
    answer = reader.post("/api/v1/needs/", NEED, content_type="application/json")
    assert answer.status_code == 403
    assert not ChangeRequest.objects.exists()


def test_a_visitor_is_asked_who_they_are(db: None) -> None:
    answer = Client().post("/api/v1/needs/", NEED, content_type="application/json")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"text": {}}, "text"),
        ({"text": {"de": "x" * 1501}}, "text"),
        ({"terms": ["nowhere"]}, "terms"),
        ({"valid_until": "someday"}, "valid_until"),
        ({"confidentiality": "secret"}, "confidentiality"),
    ],
)
def test_bad_input_is_named(world: World, wrong: dict[str, object], where: str) -> None:
    answer = program(world.manager).post(
        "/api/v1/needs/", {**NEED, **wrong}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert where in answer.json()["errors"]


def test_an_expired_token_opens_nothing(world: World) -> None:
    ours = program(world.manager)
    world.manager.api_tokens.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ours.get("/api/v1/needs/").status_code == 401
