"""The survey after an event: by link, once each, without names."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.choices import QuestionKind, QuestionStage, RegistrationState
from events.models import Event, Question, QuestionAnswer, SurveyResponse
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import make_event, make_minutes_item, make_question, make_registration

STAGE = QuestionStage.SURVEY


@pytest.fixture
def event(world: World) -> Event:
    return make_event(timezone.now() - timedelta(days=2), slug="treffen")


@pytest.fixture
def scale(event: Event) -> Question:
    return make_question(event, QuestionKind.SCALE, stage=STAGE, label_de="Wie war es?")


def address_of(event: Event, **fields: Any) -> str:
    place = make_registration(event, **fields)
    return reverse("events:survey", args=[make_registration_token(place.pk)])


def fill(address: str, question: Question, value: Any) -> Any:
    return Client().post(address, {f"question_{question.pk}": value})


def test_participant_answers_without_signing_in_and_may_change_it(
    event: Event, scale: Question
) -> None:
    address = address_of(event)
    assert Client().get(address).status_code == 200
    assert not SurveyResponse.objects.exists()
    response = fill(address, scale, "4")
    assert response.status_code == 302
    assert "Vielen Dank" in Client().get(response.headers["Location"]).content.decode()
    page = Client().get(address)
    assert page.context["form"][f"question_{scale.pk}"].value() == 4
    fill(address, scale, "2")
    assert [answer.value for answer in QuestionAnswer.objects.all()] == [2]
    assert SurveyResponse.objects.count() == 1


def test_nothing_stored_leads_to_the_person(event: Event, scale: Question) -> None:
    address = address_of(event)
    fill(address, scale, "4")
    answer = QuestionAnswer.objects.get()
    assert answer.registration is None
    assert address.rstrip("/").split("/")[-2] not in answer.response.key


def test_missing_answer_is_asked_for_and_the_rest_is_kept(event: Event, scale: Question) -> None:
    text = make_question(event, stage=STAGE, is_required=True)
    address = address_of(event)
    response = fill(address, scale, "5")
    assert response.status_code == 422
    assert response.context["form"][f"question_{scale.pk}"].value() == "5"
    assert text.label in response.content.decode()
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize(
    "state", [RegistrationState.WAITING, RegistrationState.CANCELLED, RegistrationState.OFFERED]
)
def test_who_did_not_take_part_is_not_asked(event: Event, scale: Question, state: str) -> None:
    offer = {"offer_expires_at": timezone.now()} if state == RegistrationState.OFFERED else {}
    assert Client().get(address_of(event, state=state, **offer)).status_code == 404


def test_altered_link_leads_nowhere(event: Event, scale: Question) -> None:
    assert fill(address_of(event).replace(".", "1.", 1), scale, "4").status_code == 404


def test_survey_is_open_from_the_beginning_until_its_last_day(
    event: Event, scale: Question
) -> None:
    address = address_of(event)
    event.survey_until = timezone.now() - timedelta(minutes=1)
    event.save()
    assert Client().get(address).status_code == 410
    assert fill(address, scale, "4").status_code == 410
    early = make_event()
    make_question(early, stage=STAGE)
    assert Client().get(address_of(early)).status_code == 410
    assert not SurveyResponse.objects.exists()


def test_staff_sees_results_from_three_responses_on(
    world: World, event: Event, scale: Question, client: Client
) -> None:
    client.force_login(world.staff)
    page = reverse("events:survey-results", args=["treffen"])
    table = reverse("events:survey-table", args=["treffen"])
    text = make_question(event, stage=STAGE, position=99)
    for number, value in enumerate((1, 4)):
        Client().post(
            address_of(event),
            {f"question_{scale.pk}": value, f"question_{text.pk}": f"Meinung {number}"},
        )
    shown = client.get(page).content.decode()
    assert "Meinung" not in shown
    assert "2 Antworten" in shown
    assert client.get(table).status_code == 404
    fill(address_of(event), scale, 4)
    response = client.get(page)
    result = response.context["results"].questions[0]
    assert (result.answered, result.average) == (3, 3.0)
    assert [bar.count for bar in result.bars] == [1, 0, 0, 2, 0]
    assert [bar.percent for bar in result.bars] == [33, 0, 0, 67, 0]
    shown = response.content.decode()
    assert "Meinung 0" in shown
    assert 'style="' not in shown[shown.index("<main") :]
    lines = b"".join(client.get(table).streaming_content).decode()
    assert "Wie war es?;4;2;67" in lines
    assert "Meinung 1" in lines
    assert "guests.example" not in shown + lines


def test_choices_and_consents_are_counted(world: World, event: Event, client: Client) -> None:
    several = make_question(event, QuestionKind.SEVERAL, stage=STAGE)
    consent = make_question(event, QuestionKind.CONSENT, stage=STAGE, is_required=False)
    for places, agreed in ((["0", "1"], "on"), (["1"], ""), ([], "")):
        data = {f"question_{several.pk}": places, f"question_{consent.pk}": agreed}
        Client().post(address_of(event), {name: value for name, value in data.items() if value})
    client.force_login(world.staff)
    first, second = (
        client.get(reverse("events:survey-results", args=["treffen"])).context["results"].questions
    )
    assert (first.answered, [bar.count for bar in first.bars]) == (2, [1, 2])
    assert [bar.count for bar in second.bars] == [1, 2]


def test_results_need_the_same_number_of_queries(
    world: World, event: Event, client: Client
) -> None:
    client.force_login(world.staff)
    page, counted = reverse("events:survey-results", args=["treffen"]), []
    client.get(page)
    for number in (3, 20):
        while event.survey_responses.count() < number:
            question = make_question(event, QuestionKind.SCALE, stage=STAGE)
            fill(address_of(event), question, 3)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_who_took_part_finds_survey_and_minutes_on_their_pages(
    world: World, event: Event, scale: Question, client: Client
) -> None:
    place = make_registration(event, user=world.member, state=RegistrationState.ATTENDED)
    token = make_registration_token(place.pk)
    survey = reverse("events:survey", args=[token])
    minutes = reverse("events:minutes-link", args=[token])
    own = reverse("events:registration", args=[token])
    client.force_login(world.member)
    page = client.get(event.get_absolute_url()).content.decode()
    assert survey in page
    assert minutes not in page
    make_minutes_item(event)
    event.minutes_published_at = timezone.now()
    event.survey_until = timezone.now()
    event.save()
    for address in (event.get_absolute_url(), own):
        page = client.get(address).content.decode()
        assert survey not in page
        assert minutes in page
    client.force_login(world.outsider)
    page = client.get(event.get_absolute_url()).content.decode()
    assert token not in page
