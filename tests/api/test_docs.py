"""People read how programs talk to the portal."""

import pytest
from django.test import Client

from tests.conftest import World

pytestmark = pytest.mark.django_db
DOCS = "/api/v1/docs/"


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Programmierschnittstelle"), ("en", "Programming interface")],
)
def test_the_page_is_there_in_both_languages(client: Client, language: str, words: str) -> None:
    answer = client.get(f"{DOCS}?lang={language}")
    page = answer.content.decode()
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page
    assert words in page
    other = {"de": "en", "en": "de"}[language]
    assert f'href="{DOCS}?lang={other}"' in page


def test_without_a_wish_the_browser_decides(client: Client) -> None:
    answer = client.get(DOCS, headers={"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "en"
    assert "Accept-Language" in answer.headers["Vary"]
    assert client.get(f"{DOCS}?lang=xx").status_code == 200


def test_every_address_is_explained(client: Client) -> None:
    page = client.get(DOCS).content.decode()
    for address in ("clusters", "needs", "offers", "topics", "events", "sessions", "changes"):
        assert f"/api/v1/{address}/</code>" in page
    assert 'id="object-NeedSerializer"' not in page
    assert 'id="object-Need"' in page
    assert "/api/v1/topics/{slug}/endorsements/{cluster}/" in page


def test_people_find_it(client: Client, world: World) -> None:
    assert f"{DOCS}?lang=en" in client.get("/en/").content.decode()
    client.force_login(world.manager)
    assert f"{DOCS}?lang=de" in client.get("/de/account/tokens/").content.decode()


def test_the_description_is_served_and_stays_english(client: Client) -> None:
    answer = client.get("/api/v1/schema/", headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    assert b"Innovationsfeld" not in answer.content
    assert b"openapi: 3" in answer.content
