"""Files for spreadsheet programs."""

import csv
import io
from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from core.xlsx import xlsx_response
from events import exports
from events.choices import QuestionKind, QuestionStage, RegistrationState
from events.models import Event, QuestionAnswer
from tests.conftest import World
from tests.factories import make_event, make_question, make_registration


@pytest.fixture
def event(world: World) -> Event:
    event = make_event(slug="plenum")
    choice = make_question(
        event, QuestionKind.CHOICE, label_de="Essen?", options_de=["Alles", "Vegan"]
    )
    text = make_question(event, label_de="Thema?")
    make_question(event, label_de="Wie war es?", stage=QuestionStage.SURVEY)
    guest = make_registration(
        event,
        name='=HYPERLINK("http://evil.example")',
        cluster=world.alpha,
        expectation="+49 Kontakte",
        list_consent=True,
        state=RegistrationState.ATTENDED,
        checked_in_at=timezone.now(),
    )
    QuestionAnswer.objects.create(question=choice, registration=guest, value=1)
    QuestionAnswer.objects.create(question=text, registration=guest, value="@SUM(1)")
    make_registration(
        event, name="Wartend", state=RegistrationState.WAITING, waiting_since=timezone.now()
    )
    return event


def table(client: Client, name: str) -> list[list[Any]]:
    response = client.get(f"/de/events/plenum/export/{name}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    content = b"".join(response.streaming_content)
    if name.endswith("csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_registrations_come_with_answers_and_expectations(
    world: World, client: Client, event: Event, ending: str
) -> None:
    client.force_login(world.staff)
    head, first, second = table(client, f"registrations.{ending}")
    assert head[-2:] == ["Essen?", "Thema?"]
    assert "Wie war es?" not in head
    assert first[-2] == "Vegan"
    assert "Alpha" in first
    assert "Wartend" in second
    assert second[-2:] == ["", ""]


def test_no_cell_of_a_csv_is_a_formula(world: World, client: Client, event: Event) -> None:
    client.force_login(world.staff)
    rows = table(client, "registrations.csv")
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}]


def test_workbook_holds_texts_as_they_are_and_no_formula(
    world: World, client: Client, event: Event
) -> None:
    client.force_login(world.staff)
    first = table(client, "registrations.xlsx")[1]
    assert first[0] == '=HYPERLINK("http://evil.example")'
    assert "+49 Kontakte" in first


def test_workbook_survives_signs_no_spreadsheet_knows_and_endless_texts() -> None:
    response = xlsx_response(
        "x", [["a"], ["\x01\x0b" + "x" * 40_000]], title="[a]:*?/\\" + "y" * 50
    )
    content = b"".join(cast("Iterator[bytes]", response.streaming_content))
    found = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(found) == 2
    assert found[1][0].endswith("xxx")


def test_participants_are_those_who_hold_a_place(
    world: World, client: Client, event: Event
) -> None:
    client.force_login(world.staff)
    assert len(table(client, "participants.csv")) == 2


@pytest.mark.parametrize("name", ["registrations.pdf", "everything.csv", "registrations.csv.xlsx"])
def test_unknown_files_do_not_exist(world: World, client: Client, event: Event, name: str) -> None:
    client.force_login(world.staff)
    assert client.get(f"/de/events/plenum/export/{name}").status_code == 404


@pytest.mark.parametrize("who", ["member", "manager", "outsider"])
def test_files_are_for_staff(world: World, client: Client, event: Event, who: str) -> None:
    make_registration(event, user=getattr(world, who), email=getattr(world, who).email)
    client.force_login(getattr(world, who))
    for name in ("registrations.csv", "participants.xlsx"):
        assert client.get(f"/de/events/plenum/export/{name}").status_code == 403


def test_export_takes_the_same_number_of_queries_for_2_and_20(world: World, event: Event) -> None:
    numbers = []
    question = event.questions.earliest("pk")
    for more in (2, 18):
        for _ in range(more):
            guest = make_registration(event, cluster=world.alpha)
            QuestionAnswer.objects.create(question=question, registration=guest, value=0)
        with CaptureQueriesContext(connection) as queries:
            rows = list(exports.registration_table(event))
        numbers.append(len(queries))
    assert len(rows) == 23
    assert numbers[0] == numbers[1]


def test_rows_speak_the_language_of_their_head(world: World, event: Event) -> None:
    with translation.override("en"):
        rows = exports.registration_table(event)
    with translation.override("de"):
        head, *rest = list(rows)
    assert head[0] == "Name"
    assert "attended" in rest[0]
