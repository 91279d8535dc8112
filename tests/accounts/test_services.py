"""Verbs on accounts: making, naming, deleting."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import services
from accounts.models import ApiToken, User
from accounts.signals import account_deletion_requested
from core.errors import DomainError
from core.models import OutgoingMail
from tests.conftest import World
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@contextmanager
def veto(text: str) -> Iterator[None]:
    def receiver(user: User, **kwargs: Any) -> None:
        raise DomainError(text)

    account_deletion_requested.connect(receiver)
    try:
        yield
    finally:
        account_deletion_requested.disconnect(receiver)


def test_new_account_opens_through_the_mailed_link_only(client: Client, settings: Any) -> None:
    user = services.create_account(
        email=" New@Alpha.example ", name="New Person", language="en", reason="You manage Alpha."
    )
    assert user.email == "new@alpha.example"
    assert not user.has_usable_password()
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.to_name, mail.content.language) == (user.email, "New Person", "en")
    assert mail.content.text.count("You manage Alpha.") == 1
    url = next(word for word in mail.content.text.split() if "/password/reset/key/" in word)
    assert url.startswith(f"{settings.BASE_URL}/en/")

    opened = client.get(url.removeprefix(settings.BASE_URL), follow=True)
    form = opened.redirect_chain[-1][0]
    password = "a long enough passphrase"
    client.post(form, {"password1": password, "password2": password})
    user.refresh_from_db()
    assert user.check_password(password)
    # Whoever used the link reads the address: no second confirmation mail.
    assert EmailAddress.objects.get(user=user).verified
    assert Client().login(email=user.email, password=password)


def test_password_link_works_once(client: Client, settings: Any) -> None:
    user = services.create_account(email="new@alpha.example")
    path = services.set_password_url(user).removeprefix(settings.BASE_URL)
    form = client.get(path, follow=True).redirect_chain[-1][0]
    password = "a long enough passphrase"
    client.post(form, {"password1": password, "password2": password})
    again = Client().get(path, follow=True)
    assert "password1" not in again.content.decode()


def test_second_account_for_an_address_is_refused(world: World) -> None:
    for email in ("manager@alpha.example", "MANAGER@alpha.example"):
        with pytest.raises(DomainError) as error:
            services.create_account(email=email)
        assert error.value.code == "account_exists"
    assert services.find_account("Manager@Alpha.example") == world.manager
    assert services.find_account("nobody@alpha.example") is None


def test_link_does_not_prove_one_of_several_addresses() -> None:
    user = make_user("first@alpha.example")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    EmailAddress.objects.create(user=user, email="second@alpha.example", verified=False)
    services.confirm_address(user=user)
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_deleted_account_is_gone_with_its_keys_and_confirmed_by_mail(world: World) -> None:
    services.create_token(user=world.member, name="t", scope="read", days=7)  # type: ignore[arg-type]
    OutgoingMail.objects.all().delete()
    services.delete_account(user=world.member)
    assert not User.objects.filter(email="member@alpha.example").exists()
    assert not ApiToken.objects.exists()
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.content.name) == ("member@alpha.example", "accounts/account_deleted")


def test_higher_app_can_forbid_a_deletion(world: World) -> None:
    with veto("Finish this first."), pytest.raises(DomainError, match="Finish this first"):
        services.delete_account(user=world.staff)
    assert User.objects.filter(pk=world.staff.pk).exists()
    assert not OutgoingMail.objects.exists()


def test_last_operator_and_demo_accounts_stay() -> None:
    operator = make_user("root@portal.example", is_staff=True, is_superuser=True)
    demo = make_user("demo@portal.example", is_demo=True)
    for user, code in ((operator, "last_operator"), (demo, "demo_account")):
        with pytest.raises(DomainError) as error:
            services.delete_account(user=user)
        assert error.value.code == code
    make_user("root-2@portal.example", is_staff=True, is_superuser=True)
    services.delete_account(user=operator)
    assert not User.objects.filter(pk=operator.pk).exists()
