"""Staff need a second factor for everything that is not sign-in or its set-up."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.choices import TokenScope
from tests.accounts.sign_in import prove
from tests.conftest import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_demo(settings: Any) -> None:
    settings.DEMO = False


@pytest.mark.parametrize(
    "name", ["dialog:home", "accounts:account", "accounts:token-list", "admin:index"]
)
def test_staff_are_led_to_the_set_up(client: Client, world: World, name: str) -> None:
    client.force_login(world.staff)
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_index")


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_activate_totp", "account_email", "account_logout", "usersessions_list"],
)
def test_set_up_stays_reachable(client: Client, world: World, name: str) -> None:
    prove(client, world.staff)
    assert client.get(reverse(name)).status_code == 200


def test_staff_with_a_second_factor_pass(client: Client, world: World) -> None:
    Authenticator.objects.create(user=world.staff, type=Authenticator.Type.TOTP, data={})
    client.force_login(world.staff)
    assert client.get(reverse("accounts:account")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client: Client, world: World) -> None:
    Authenticator.objects.create(user=world.staff, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(world.staff)
    assert client.get(reverse("accounts:account")).status_code == 302


def test_others_need_none(client: Client, world: World) -> None:
    for user in (world.manager, world.member, world.outsider):
        client.force_login(user)
        assert client.get(reverse("accounts:account")).status_code == 200


def test_session_of_staff_without_one_cannot_use_the_api(client: Client, world: World) -> None:
    client.force_login(world.staff)
    response = client.get(reverse("api:cluster-list"))
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "second_factor_required"


def test_token_of_staff_without_one_cannot_use_the_api(client: Client, world: World) -> None:
    _, secret = services.create_token(user=world.staff, name="t", scope=TokenScope.READ, days=7)
    headers = {"Authorization": f"Bearer {secret}"}
    refused = client.get(reverse("api:cluster-list"), headers=headers)
    assert refused.status_code == 403
    assert refused.json()["code"] == "second_factor_required"
    Authenticator.objects.create(user=world.staff, type=Authenticator.Type.TOTP, data={})
    assert client.get(reverse("api:cluster-list"), headers=headers).status_code == 200


def test_demo_mode_lets_staff_pass(client: Client, world: World, settings: Any) -> None:
    settings.DEMO = True
    client.force_login(world.staff)
    assert client.get(reverse("accounts:account")).status_code == 200
