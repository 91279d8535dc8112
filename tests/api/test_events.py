"""Registrations, invitations and minutes, for programs: who reads and who writes what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.choices import TokenScope
from accounts.models import IdempotentAnswer
from accounts.services import create_token, purge_idempotent_answers
from events.choices import AccessLevel, MinutesKind, RegistrationState
from events.models import Event, Invitation, MinutesItem, Registration
from tests.api.test_writing import program
from tests.conftest import World
from tests.factories import make_event, make_topic
from topics.choices import TopicStatus

pytestmark = pytest.mark.django_db


def results(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


@pytest.fixture
def event() -> Event:
    return make_event(slug="plenum", minutes_published_at=timezone.now())


def test_a_person_reads_their_own_registration_and_staff_all(world: World, event: Event) -> None:
    mine = Registration.objects.create(event=event, email="Manager@alpha.example", name="M")
    Registration.objects.create(event=event, email="other@x.example", name="O")
    assert [row["id"] for row in results(program(world.manager), "registrations/")] == [mine.pk]
    assert len(results(program(world.staff), "registrations/?event=plenum")) == 2
    assert results(program(world.outsider), "registrations/") == []
    assert Client().get("/api/v1/registrations/").status_code == 401
    other = program(world.outsider).get(f"/api/v1/registrations/{mine.pk}/")
    assert other.status_code == 404


def test_invitations_are_for_staff(world: World, event: Event) -> None:
    invitation = Invitation.objects.create(event=event, email=world.manager.email)
    (row,) = results(program(world.staff), "invitations/?event=plenum")
    assert (row["email"], row["delivery"], row["answer"]) == (world.manager.email, "queued", "")
    assert results(program(world.manager), "invitations/") == []
    asked = program(world.manager).get(f"/api/v1/invitations/{invitation.pk}/")
    assert asked.status_code == 404


def test_minutes_are_read_by_level(world: World, event: Event) -> None:
    for level in AccessLevel.values:
        MinutesItem.objects.create(event=event, kind=MinutesKind.NOTE, text=level, level=level)
    Registration.objects.create(
        event=event,
        email=world.manager.email,
        user=world.manager,
        state=RegistrationState.ATTENDED,
    )

    def texts(client: Client) -> set[str]:
        return {row["text"] for row in results(client, "minutes/?event=plenum")}

    assert texts(Client()) == {"public"}
    assert texts(program(world.outsider)) == {"public", "clusters"}
    assert texts(program(world.manager)) == {"public", "clusters", "participants"}
    assert texts(program(world.staff)) == set(AccessLevel.values)
    Event.objects.update(minutes_published_at=None)
    assert texts(program(world.manager)) == set()
    assert texts(program(world.staff)) == set(AccessLevel.values)


def test_minutes_do_not_name_a_topic_that_is_not_public(world: World, event: Event) -> None:
    topic = make_topic(slug="secret", status=TopicStatus.DRAFT)
    MinutesItem.objects.create(
        event=event, text="x", level=AccessLevel.PUBLIC, topic=topic, owner=world.alpha
    )
    (row,) = results(Client(), "minutes/")
    assert (row["topic"], row["owner"]) == (None, "alpha")


PROPOSAL = {
    "cluster": "alpha",
    "title": {"de": "Austausch zu Sensorik"},
    "kind": "exchange",
    "format": "on_site",
    "starts_at": "2027-05-26T14:00:00+02:00",
    "ends_at": "2027-05-26T16:00:00+02:00",
}


def propose(client: Client, key: str = "", **values: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        "/api/v1/events/", {**PROPOSAL, **values}, content_type="application/json", headers=headers
    )


def test_a_proposal_waits_for_staff(world: World) -> None:
    answer = propose(program(world.manager))
    assert answer.status_code == 201, answer.content
    event = Event.objects.get(slug=answer.json()["slug"])
    assert (event.status, event.proposed_by, event.author) == (
        "submitted",
        world.alpha,
        world.manager,
    )
    assert Client().get(f"/api/v1/events/{event.slug}/").status_code == 404


def test_only_managers_propose_and_only_what_can_be(world: World) -> None:
    assert propose(program(world.member)).status_code == 403
    assert propose(program(world.outsider)).status_code == 403
    early = propose(program(world.manager), ends_at="2027-05-26T13:00:00+02:00")
    assert (early.status_code, list(early.json()["errors"])) == (400, ["ends_at"])
    assert not Event.objects.exists()


def test_the_same_key_does_the_same_thing_once(world: World) -> None:
    ours = program(world.manager)
    first, again = propose(ours, "k1"), propose(ours, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Event.objects.count() == 1
    propose(ours, "k2")
    assert Event.objects.count() == 2


def test_a_key_stands_for_one_request_of_one_person(world: World) -> None:
    propose(program(world.manager), "k1")
    other = propose(program(world.manager), "k1", kind="workshop")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    world.beta.memberships.create(user=world.manager, role="manager")
    theirs = propose(program(world.outsider), "k1", cluster="beta")
    assert theirs.status_code == 201
    assert Event.objects.count() == 2


def test_a_refused_request_may_be_tried_again_with_its_key(world: World) -> None:
    ours = program(world.manager)
    assert propose(ours, "k1", kind="picnic").status_code == 400
    assert propose(ours, "k1").status_code == 201


@pytest.mark.parametrize("key", ["with space", "x" * 201, "schlüssel"])
def test_a_key_is_short_and_printable(world: World, key: str) -> None:
    answer = propose(program(world.manager), key)
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["errors"]
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_happen_once(world: World) -> None:
    _token, secret = create_token(user=world.manager, name="t", scope=TokenScope.WRITE, days=7)

    def send(_number: int) -> tuple[int, str]:
        try:
            client = Client(headers={"Authorization": f"Bearer {secret}"})
            answer = propose(client, "same")
            return answer.status_code, answer.json()["slug"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))
    assert [status for status, _slug in answers] == [201]
    assert Event.objects.count() == 1


def test_keys_are_forgotten_after_a_day(world: World) -> None:
    propose(program(world.manager), "k1")
    assert purge_idempotent_answers() == 0
    IdempotentAnswer.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert purge_idempotent_answers() == 1
