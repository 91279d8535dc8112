"""Registering: the form, its questions, and the page a person has about their registration."""

import pytest
from django.test import Client
from django.utils import translation

from events.choices import QuestionKind
from events.forms import QuestionForm
from events.models import Question
from events.tokens import make_registration_token
from tests.factories import make_event, make_question, make_registration


def filled(question: Question, given: object) -> QuestionForm:
    form = QuestionForm({f"question_{question.pk}": given}, questions=[question])
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (QuestionKind.TEXT, " vegan ", "vegan"),
        (QuestionKind.CHOICE, "1", 1),
        (QuestionKind.SEVERAL, ["0", "1"], [0, 1]),
        (QuestionKind.CONSENT, "on", True),
        (QuestionKind.SCALE, "5", 5),
    ],
)
@pytest.mark.django_db
def test_answers_are_kept_as_values_of_json(kind: str, given: object, kept: object) -> None:
    question = make_question(make_event(), kind)
    assert filled(question, given).values() == {question.pk: kept}
    # What was answered before stands in the form again.
    again = QuestionForm(questions=[question], answers={question.pk: kept})
    assert ("checked" in str(again)) or ("vegan" in str(again))


@pytest.mark.django_db
def test_open_questions_have_no_value_but_a_consent_that_was_not_given_has_one() -> None:
    event = make_event()
    consent = make_question(event, QuestionKind.CONSENT)
    form = QuestionForm(
        {}, questions=[consent, *(make_question(event, k) for k in ["text", "scale"])]
    )
    assert form.is_valid()
    assert form.values() == {consent.pk: False}


@pytest.mark.django_db
def test_required_questions_and_made_up_options_are_refused_in_words() -> None:
    event = make_event()
    must = make_question(event, QuestionKind.CONSENT, is_required=True)
    choice = make_question(event, QuestionKind.CHOICE)
    form = QuestionForm({f"question_{choice.pk}": "7"}, questions=[must, choice])
    assert not form.is_valid()
    assert set(form.errors) == {f"question_{must.pk}", f"question_{choice.pk}"}


@pytest.mark.django_db
def test_options_stand_in_the_language_of_the_page_and_staffs_words_are_no_html() -> None:
    question = make_question(
        make_event(),
        QuestionKind.CHOICE,
        help_de="<script>",
        options_de=["Zug", "Rad"],
        options_en=["Train"],
    )
    german = str(QuestionForm(questions=[question]))
    assert "Zug" in german
    assert "<script>" not in german
    with translation.override("en"):
        english = str(QuestionForm(questions=[Question.objects.get()]))
    assert "Train" in english
    assert "Rad" in english


@pytest.mark.django_db
def test_registration_page_opens_by_its_link_and_by_no_other(client: Client) -> None:
    registration = make_registration()
    token = make_registration_token(registration.pk)
    response = client.get(f"/de/registration/{token}/")
    assert response.status_code == 200
    assert "noindex" in response["X-Robots-Tag"]
    assert client.get(f"/de/registration/{token[:-1]}/").status_code == 404
    assert client.get(f"/de/registration/999{token}/").status_code == 404
