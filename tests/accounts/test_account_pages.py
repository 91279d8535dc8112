"""The account page, the language that follows a person, and the way out."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.accounts.sign_in import prove, sign_in
from tests.accounts.test_services import veto
from tests.conftest import World
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGES = ["account", "account-delete", "token-list", "token-create"]


@pytest.mark.parametrize("name", PAGES)
def test_visitors_are_asked_to_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(f"accounts:{name}"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_for_whoever_signed_in(client: Client, world: World, name: str) -> None:
    prove(client, world.member)
    response = client.get(reverse(f"accounts:{name}"))
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1


def test_name_and_language_are_saved_and_the_page_follows(client: Client, world: World) -> None:
    client.force_login(world.member)
    response = client.post(reverse("accounts:account"), {"name": " Jo Größe ", "language": "en"})
    assert response["Location"].startswith("/en/")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    world.member.refresh_from_db()
    assert (world.member.name, world.member.language) == ("Jo Größe", "en")


def test_unknown_language_is_refused_with_the_input_kept(client: Client, world: World) -> None:
    client.force_login(world.member)
    response = client.post(reverse("accounts:account"), {"name": "Kept name", "language": "xx"})
    assert response.status_code == 200
    assert "language" in response.context["form"].errors
    assert 'value="Kept name"' in response.content.decode()
    assert User.objects.get(pk=world.member.pk).name == ""


def test_nobody_makes_themselves_staff(client: Client, world: World) -> None:
    client.force_login(world.member)
    client.post(
        reverse("accounts:account"),
        {"name": "x", "language": "de", "is_staff": "on", "email": "other@alpha.example"},
    )
    world.member.refresh_from_db()
    assert not world.member.is_staff
    assert world.member.email == "member@alpha.example"


def test_sign_in_speaks_the_language_of_the_account(client: Client) -> None:
    user = make_user("reader@alpha.example", language="en")
    response = sign_in(client, user)
    assert response.status_code == 302
    assert response["Location"].startswith("/en/")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_page_somebody_was_led_away_from_keeps_its_language(client: Client) -> None:
    user = make_user("reader@alpha.example", language="en")
    wanted = reverse("accounts:token-list")
    client.get(wanted)
    sign_in(client, user)
    client.logout()
    response = client.post(
        f"{reverse('account_login')}?next={wanted}",
        {"login": user.email, "password": "correct horse battery", "next": wanted},
    )
    assert response["Location"] == wanted


def test_deletion_asks_for_the_password_and_a_second_thought(client: Client, world: World) -> None:
    page = reverse("accounts:account-delete")
    client.force_login(world.member)
    assert "reauthenticate" in client.post(page, {"sure": "on"})["Location"]
    prove(client, world.member)
    assert client.get(page).status_code == 200
    response = client.post(page, {})
    assert "sure" in response.context["form"].errors
    assert User.objects.filter(pk=world.member.pk).exists()
    response = client.post(page, {"sure": "on"})
    assert response["Location"] == reverse("dialog:home")
    assert not User.objects.filter(pk=world.member.pk).exists()
    assert "_auth_user_id" not in client.session


def test_obstacle_is_told_before_anything_is_asked(client: Client, world: World) -> None:
    prove(client, world.member)
    page = reverse("accounts:account-delete")
    with veto("Hand over Alpha first."):
        for response in (client.get(page), client.post(page, {"sure": "on"})):
            assert response.status_code == 409
            assert "Hand over Alpha first." in response.content.decode()
            assert 'name="sure"' not in response.content.decode()
    assert User.objects.filter(pk=world.member.pk).exists()
