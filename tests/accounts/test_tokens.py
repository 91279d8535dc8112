"""API tokens: shown once, stored as digests, scoped, expiring, revocable, private."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts import services
from accounts.authentication import TokenAuthentication, TokenScopePermission
from accounts.choices import TokenScope
from accounts.models import ApiToken
from accounts.tokens import digest
from core.errors import DomainError
from core.models import OutgoingMail
from tests.accounts.sign_in import prove
from tests.conftest import World

pytestmark = pytest.mark.django_db


def make_token(world: World, scope: TokenScope = TokenScope.READ) -> tuple[ApiToken, str]:
    return services.create_token(user=world.manager, name="Website", scope=scope, days=30)


def ask(secret: str, method: str = "GET") -> Request:
    factory = APIRequestFactory()
    request = factory.generic(method, "/api/v1/", headers={"Authorization": f"Bearer {secret}"})
    return Request(request, authenticators=[TokenAuthentication()])


def status_of(client: Client, secret: str) -> int:
    url = reverse("api:cluster-list")
    return client.get(url, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_secret_is_shown_once_and_only_its_digest_is_kept(client: Client, world: World) -> None:
    prove(client, world.manager)
    response = client.post(
        reverse("accounts:token-create"), {"name": "Website", "scope": "write", "days": "90"}
    )
    token = ApiToken.objects.get()
    secret = response.context["secret"]
    assert secret in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert token.digest == digest(secret)
    assert secret.startswith(token.prefix)
    assert secret not in str(ApiToken.objects.values().get())
    assert (token.scope, token.user) == ("write", world.manager)
    assert abs(token.expires_at - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)
    listing = client.get(reverse("accounts:token-list")).content.decode()
    assert token.prefix in listing
    assert secret not in listing
    assert OutgoingMail.objects.get().content.name == "accounts/token_created"
    assert secret not in OutgoingMail.objects.get().content.text


def test_making_a_token_asks_for_the_password_again(client: Client, world: World) -> None:
    client.force_login(world.manager)
    response = client.get(reverse("accounts:token-create"))
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]


def test_wrong_entries_are_kept_and_explained(client: Client, world: World) -> None:
    prove(client, world.manager)
    response = client.post(
        reverse("accounts:token-create"), {"name": "My <b>", "scope": "all", "days": "9999"}
    )
    assert set(response.context["form"].errors) == {"scope", "days"}
    assert "My &lt;b&gt;" in response.content.decode()
    assert not ApiToken.objects.exists()


def test_token_is_its_owner_until_revoked(world: World) -> None:
    token, secret = make_token(world)
    assert ask(secret).user == world.manager
    token.refresh_from_db()
    assert token.last_used_at is not None
    services.revoke_token(token=token)
    assert ask_fails(secret)


def ask_fails(secret: str) -> bool:
    from rest_framework.exceptions import AuthenticationFailed

    with pytest.raises(AuthenticationFailed):
        _ = ask(secret).user
    return True


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"digest": "0" * 64},
    ],
    ids=["expired", "revoked", "unknown"],
)
def test_dead_token_opens_nothing(world: World, change: dict[str, Any]) -> None:
    token, secret = make_token(world)
    ApiToken.objects.filter(pk=token.pk).update(**change)
    assert ask_fails(secret)


def test_token_of_a_deactivated_person_opens_nothing(world: World) -> None:
    _, secret = make_token(world)
    world.manager.is_active = False
    world.manager.save()
    assert ask_fails(secret)


@pytest.mark.parametrize(
    ("scope", "may_write"), [(TokenScope.READ, False), (TokenScope.WRITE, True)]
)
def test_read_token_cannot_write(world: World, scope: TokenScope, may_write: bool) -> None:
    _, secret = make_token(world, scope)
    permission = TokenScopePermission()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        expected = method in SAFE_METHODS or may_write
        assert permission.has_permission(ask(secret, method), None) is expected


def test_use_is_noted_at_most_every_few_minutes(world: World) -> None:
    token, secret = make_token(world)
    for age, noted in ((timedelta(minutes=1), False), (timedelta(days=1, seconds=2), True)):
        before = timezone.now() - age
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=before)
        _ = ask(secret).user
        token.refresh_from_db()
        assert (token.last_used_at != before) is noted


def test_revoking_asks_first(client: Client, world: World) -> None:
    token, _ = make_token(world)
    client.force_login(world.manager)
    page = reverse("accounts:token-revoke", args=[token.pk])
    assert client.get(page).status_code == 200
    assert ApiToken.objects.get(pk=token.pk).is_active
    assert client.post(page)["Location"] == reverse("accounts:token-list")
    assert not ApiToken.objects.get(pk=token.pk).is_active
    assert client.get(page).status_code == 404


def test_tokens_of_others_do_not_exist(client: Client, world: World) -> None:
    token, _ = make_token(world)
    for user in (world.outsider, world.staff):
        client.force_login(user)
        page = reverse("accounts:token-revoke", args=[token.pk])
        assert client.get(page).status_code == 404
        assert client.post(page).status_code == 404
        listed = client.get(reverse("accounts:token-list")).content.decode()
        assert token.prefix not in listed
    token.refresh_from_db()
    assert token.is_active


def test_number_of_tokens_is_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MAX_TOKENS", 2)
    first, _ = make_token(world)
    make_token(world)
    with pytest.raises(DomainError) as error:
        make_token(world)
    assert error.value.code == "too_many_tokens"
    services.revoke_token(token=first)
    make_token(world)


def test_list_takes_the_same_queries_for_many_tokens(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    client.force_login(world.manager)
    client.get(reverse("accounts:token-list"))
    counts = []
    for number in (2, 18):
        for _ in range(number):
            make_token(world)
        with django_assert_max_num_queries(50) as captured:
            client.get(reverse("accounts:token-list"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
