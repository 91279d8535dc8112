"""Registering and withdrawing by program: the verbs of the pages, once for each key."""

from typing import Any

import pytest
from django.test import Client

from events.choices import QuestionKind, QuestionStage, RegistrationState
from events.models import Event, Question, Registration
from tests.api.test_writing import program
from tests.conftest import World
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return make_event(slug="plenum")


def send(client: Client, key: str = "", **values: Any) -> Any:
    return client.post(
        "/api/v1/registrations/",
        {"event": "plenum", **values},
        content_type="application/json",
        headers={"Idempotency-Key": key} if key else {},
    )


def test_a_program_registers_its_person(world: World, event: Event) -> None:
    answer = send(program(world.manager), cluster="alpha", expectation="Partner", list_consent=True)
    assert answer.status_code == 201, answer.content
    row = Registration.objects.get(pk=answer.json()["id"])
    assert (row.user, row.cluster, row.state, row.source) == (
        world.manager,
        world.alpha,
        RegistrationState.REGISTERED,
        "api",
    )
    assert (row.expectation, row.list_consent) == ("Partner", True)


def test_the_same_key_registers_and_mails_once(world: World, event: Event) -> None:
    ours = program(world.manager)
    first, again = send(ours, "k"), send(ours, "k")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert event.registrations.count() == 1


def test_a_full_event_answers_with_the_waiting_list(world: World, event: Event) -> None:
    Event.objects.update(capacity=1)
    make_registration(event, email="first@x.example")
    assert send(program(world.manager)).json()["state"] == "waiting"


def test_questions_are_listed_and_answered(world: World, event: Event) -> None:
    meal = Question.objects.create(
        event=event,
        kind=QuestionKind.CHOICE,
        label_de="Essen?",
        options_de=["mit Fleisch", "ohne"],
        is_required=True,
    )
    Question.objects.create(event=event, stage=QuestionStage.SURVEY, label_de="Und?")
    hidden = make_event(slug="draft", status="draft")
    Question.objects.create(event=hidden, label_de="Geheim")
    ours = program(world.manager)
    asked = ours.get("/api/v1/questions/?stage=registration").json()["results"]
    assert [(row["id"], row["options_de"]) for row in asked] == [(meal.pk, meal.options_de)]

    missing = send(ours)
    assert (missing.status_code, list(missing.json()["errors"]["answers"])) == (400, [str(meal.pk)])
    wrong = send(ours, answers=[{"question": meal.pk, "value": 7}])
    assert wrong.status_code == 400
    strange = send(ours, answers=[{"question": 999, "value": "x"}])
    assert "999" in strange.json()["errors"]["answers"]
    assert not Registration.objects.exists()
    given = send(ours, answers=[{"question": meal.pk, "value": 1}])
    assert given.status_code == 201, given.content
    assert meal.answers.get().value == 1


def test_nobody_registers_for_a_cluster_of_others(world: World, event: Event) -> None:
    assert send(program(world.outsider), cluster="alpha").status_code == 403
    assert send(program(world.outsider), cluster="nowhere").status_code == 404
    assert Client().post("/api/v1/registrations/", {"event": "plenum"}).status_code == 401
    assert not Registration.objects.exists()


def test_a_closed_event_says_so(world: World) -> None:
    make_event(slug="plenum", status="cancelled")
    answer = send(program(world.manager))
    assert (answer.status_code, answer.json()["code"]) == (422, "cancelled")
    assert send(program(world.manager), event="nowhere").status_code == 404


def test_deleting_withdraws_and_keeps_the_row(world: World, event: Event) -> None:
    ours = program(world.manager)
    number = send(ours).json()["id"]
    assert program(world.outsider).delete(f"/api/v1/registrations/{number}/").status_code == 404
    assert program(world.staff).delete(f"/api/v1/registrations/{number}/").status_code == 403
    assert ours.delete(f"/api/v1/registrations/{number}/").status_code == 204
    assert Registration.objects.get(pk=number).state == RegistrationState.CANCELLED
