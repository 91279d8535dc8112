"""The unsubscribe page: one button for people, one click for mail programs."""

import pytest
from django.test import Client
from django.urls import reverse

from core.mail.optout import make_token, opted_out

pytestmark = pytest.mark.django_db
ADDRESS = "guest@alpha.example"


def page(kind: str = "invitation", address: str = ADDRESS) -> str:
    return reverse("core:unsubscribe", args=[make_token(address, kind)])


@pytest.fixture
def strict_client() -> Client:
    """A mail program: no cookies, no CSRF token."""
    return Client(enforce_csrf_checks=True)


def test_opening_the_link_changes_nothing(client: Client) -> None:
    response = client.get(page())
    assert response.status_code == 200
    assert ADDRESS in response.content.decode()
    assert response.content.decode().count('name="action" value="unsubscribe"') == 1
    assert opted_out([ADDRESS], "invitation") == set()
    assert "no-store" in response["Cache-Control"]


def test_one_click_of_a_mail_program_ends_mails_of_this_kind(strict_client: Client) -> None:
    response = strict_client.post(page(), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 204
    assert opted_out([ADDRESS], "invitation") == {ADDRESS}
    assert opted_out([ADDRESS], "event") == set()


def test_button_ends_mails_and_offers_the_way_back(client: Client) -> None:
    response = client.post(page(), {"action": "unsubscribe"})
    assert opted_out([ADDRESS], "invitation") == {ADDRESS}
    assert 'value="subscribe"' in response.content.decode()
    response = client.post(page(), {"action": "subscribe"})
    assert opted_out([ADDRESS], "invitation") == set()
    assert 'value="unsubscribe"' in response.content.decode()


def test_address_in_the_link_cannot_be_changed(client: Client) -> None:
    token = make_token(ADDRESS, "invitation")
    for wrong in (token[:-2], f"x{token}", "nonsense"):
        assert client.get(reverse("core:unsubscribe", args=[wrong])).status_code == 404
        assert client.post(reverse("core:unsubscribe", args=[wrong])).status_code == 404


def test_account_mails_have_no_unsubscribe_page(client: Client) -> None:
    assert client.get(page("account")).status_code == 404
    assert client.post(page("account")).status_code == 404


def test_page_speaks_the_language_of_the_mail(client: Client) -> None:
    german = client.get(page())
    english = client.get(page().replace("/de/", "/en/", 1))
    assert german["Content-Language"] == "de"
    assert english["Content-Language"] == "en"
