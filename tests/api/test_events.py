"""Registrations, invitations and minutes, for programs: who reads and who writes what."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

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
