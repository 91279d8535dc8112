"""Staff writes what an event asks; answers never change their meaning."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError
from events.choices import QuestionKind, QuestionStage
from events.models import Event, Question, QuestionAnswer
from events.question_templates import TEMPLATE_NAMES, TEMPLATES
from events.services import delete_question, save_question
from tests.conftest import World
from tests.factories import make_event, make_question, make_registration

LIST = "/de/events/e/questions/"
CHOICE = {
    "stage": "registration",
    "kind": "choice",
    "label_de": "Wie reisen Sie an?",
    "label_en": "How do you travel?",
    "options_de": "Bahn\n\nAuto",
    "options_en": "Train\nCar",
    "is_required": "on",
}


@pytest.fixture
def event(world: World) -> Event:
    return make_event(slug="e")


@pytest.fixture
def staff(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def answered(event: Event, value: object = 1) -> Question:
    question = make_question(event, QuestionKind.CHOICE)
    registration = make_registration(event)
    QuestionAnswer.objects.create(question=question, registration=registration, value=value)
    return question


def test_a_question_is_added_with_options_in_both_languages(event: Event, staff: Client) -> None:
    assert staff.post(LIST, CHOICE).status_code == 302
    question = event.questions.get()
    assert (question.options_de, question.options_en) == (["Bahn", "Auto"], ["Train", "Car"])
    assert question.is_required
    assert "Wie reisen Sie an?" in staff.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"options_en": "Train"}, "2 Antwortmöglichkeiten auf Deutsch und 1 auf Englisch"),
        ({"options_de": "Bahn", "options_en": ""}, "mindestens zwei"),
        ({"options_de": "Bahn\nBahn"}, "sind gleich"),
        ({"options_de": "\n".join(map(str, range(31))), "options_en": ""}, "höchstens 30"),
        ({"label_de": " "}, "Bitte schreiben Sie die Frage auf Deutsch."),
        ({"options_de": "x" * 201 + "\ny", "options_en": ""}, "höchstens 200 Zeichen"),
    ],
)
def test_mistakes_come_back_with_a_sentence_and_the_input(
    event: Event, staff: Client, wrong: dict[str, str], sentence: str
) -> None:
    response = staff.post(LIST, {**CHOICE, **wrong})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "How do you travel?" in response.content.decode()
    assert not event.questions.exists()


def test_texts_ask_without_options(event: Event, staff: Client) -> None:
    staff.post(LIST, {**CHOICE, "kind": "text"})
    assert event.questions.get().options_de == []


def test_html_in_a_question_is_shown_as_text(event: Event, staff: Client) -> None:
    make_question(event, label_de="<script>alert(1)</script>")
    assert "<script>alert" not in staff.get(LIST).content.decode()


def test_questions_are_moved_within_their_stage(event: Event, staff: Client) -> None:
    first, second, third = (make_question(event) for _ in range(3))
    other = make_question(event, stage=QuestionStage.SURVEY)
    staff.post(f"{LIST}{third.pk}/move/", {"way": "up"})
    assert [q.pk for q in event.questions.filter(stage="registration")] == [
        first.pk,
        third.pk,
        second.pk,
    ]
    staff.post(f"{LIST}{first.pk}/move/", {"way": "up"})
    staff.post(f"{LIST}{other.pk}/move/", {"way": "down"})
    assert event.questions.filter(stage="registration").first() == first


def test_answered_questions_keep_their_kind_and_chosen_options(
    world: World, event: Event, staff: Client
) -> None:
    question = answered(event)
    url = f"{LIST}{question.pk}/"
    data = {"stage": "registration", "kind": "choice", "label_de": "Neu"}
    assert staff.post(url, {**data, "kind": "text"}).status_code == 422
    assert staff.post(url, {**data, "stage": "survey", "options_de": "A\nB"}).status_code == 422
    question.options_de = ["Eins"]
    with pytest.raises(DomainError, match="Gewählte"):
        save_question(user=world.staff, event=event, question=question)
    fixed = {**data, "options_de": "Erstens\nZweitens\nDrittens"}
    assert staff.post(url, fixed).status_code == 302
    assert Question.objects.get(pk=question.pk).options_de[1] == "Zweitens"
    assert QuestionAnswer.objects.get().value == 1


def test_deleting_says_how_many_answers_go_with_it(
    world: World, event: Event, staff: Client
) -> None:
    question = answered(event)
    url = f"{LIST}{question.pk}/delete/"
    text = staff.get(url).content.decode()
    assert "1 Person hat sie beantwortet" in text
    with pytest.raises(DomainError):
        delete_question(user=world.staff, question=question, answers=0)
    staff.post(url, {"answers": "0"})
    assert Question.objects.filter(pk=question.pk).exists()
    staff.post(url, {"answers": "1"})
    assert not Question.objects.filter(pk=question.pk).exists()


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_templates_add_their_questions_once(event: Event, staff: Client, name: str) -> None:
    assert set(TEMPLATES) == set(TEMPLATE_NAMES)
    for _ in range(2):
        assert staff.post(LIST, {"template": name}).status_code == 302
    added = list(event.questions.all())
    assert len(added) == len(TEMPLATES[name])
    for question in added:
        assert question.label_de != question.label_en
        assert len(question.options_de) == len(question.options_en)


def test_unknown_templates_and_questions_of_other_events_change_nothing(
    world: World, event: Event, staff: Client
) -> None:
    staff.post(LIST, {"template": "nonsense"})
    elsewhere = make_question(make_event())
    assert staff.post(f"{LIST}{elsewhere.pk}/delete/", {"answers": "0"}).status_code == 404
    assert event.questions.count() == 0
    assert Question.objects.count() == 1


def test_the_page_costs_the_same_for_two_and_twenty(event: Event, staff: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(LIST).status_code == 200
        return len(queries)

    for _ in range(2):
        answered(event)
    cost()
    few = cost()
    for _ in range(18):
        answered(event)
    assert cost() == few
