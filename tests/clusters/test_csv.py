"""The directory as a table."""

import csv
import io

import pytest
from django.test import Client

from core.csv import safe_cell
from tests.conftest import World
from tests.factories import make_cluster, make_district, make_field, make_term

pytestmark = pytest.mark.django_db


def table(client: Client, query: str = "", language: str = "de") -> list[list[str]]:
    response = client.get(f"/{language}/clusters.csv?{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_the_table_holds_what_the_page_shows_with_the_same_filter(client: Client) -> None:
    koeln = make_district(code="koeln", name_de="Regierungsbezirk Köln")
    field, term = make_field(name_de="Energie"), make_term(label_de="Laser")
    make_cluster(name="A", district=koeln, innovation_fields=[field], terms=[term])
    make_cluster(name="B")
    head, *rows = table(client, "district=koeln")
    assert [row[0] for row in rows] == ["A"]
    assert len(head) == len(rows[0])
    assert {"Regierungsbezirk Köln", "Energie", "Laser"} <= set(rows[0])


def test_texts_follow_the_language(client: Client) -> None:
    make_cluster(name="A", profile_de="Deutscher Text", profile_en="English text")
    assert "English text" in table(client, language="en")[1]
    assert "Deutscher Text" in table(client, language="de")[1]


def test_drafts_stay_out_of_the_table(client: Client, world: World) -> None:
    make_cluster(name="Draft", status="draft")
    assert [row[0] for row in table(client)[1:]] == ["Alpha", "Beta"]


def test_formulas_are_defused(client: Client) -> None:
    make_cluster(name="=HYPERLINK(1)", city="@SUM(A1)")
    row = table(client)[1]
    assert row[0] == "'=HYPERLINK(1)"
    assert "'@SUM(A1)" in row


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_every_way_to_start_a_formula_is_defused(text: str) -> None:
    assert safe_cell(text).startswith("'")


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert safe_cell(-5) == "-5"
    assert safe_cell("A-1") == "A-1"
    assert safe_cell(None) == ""


def test_an_unknown_filter_hands_out_nothing(client: Client) -> None:
    assert client.get("/de/clusters.csv?field=nothing").status_code == 400
