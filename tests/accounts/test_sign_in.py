"""Nobody learns from the portal who has an account; nobody guesses passwords in peace."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core.choices import MailPriority
from core.models import OutgoingMail
from tests.accounts.sign_in import sign_in
from tests.conftest import World
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def words(content: bytes, address: str) -> str:
    """Return the page without what differs at every request, and without the address typed."""
    text = content.decode().replace(address, "ADDRESS")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return re.sub(r'"X-CSRFToken": "[^"]+"|X-CSRFToken&quot;: &quot;[^&]+', "", text)


def answers(path: str, known: dict[str, str], unknown: dict[str, str], address: str) -> list[str]:
    found = []
    for data in (known, unknown):
        cache.clear()
        response = Client().post(path, data, follow=True)
        chain = [url for url, _ in response.redirect_chain]
        found.append(f"{response.status_code} {chain} {words(response.content, data[address])}")
    return found


def test_sign_in_answers_alike_for_known_and_unknown_addresses(world: World) -> None:
    known = {"login": world.manager.email, "password": "wrong password"}
    unknown = {"login": "nobody@alpha.example", "password": "wrong password"}
    first, second = answers(reverse("account_login"), known, unknown, "login")
    assert first == second
    assert first.startswith("200")


def test_reset_answers_alike_and_always_sends_one_mail(world: World) -> None:
    known, unknown = {"email": world.manager.email}, {"email": "nobody@alpha.example"}
    first, second = answers(reverse("account_reset_password"), known, unknown, "email")
    assert first == second
    mails = OutgoingMail.objects.order_by("created_at")
    assert [(mail.to, mail.content.name) for mail in mails] == [
        (world.manager.email, "accounts/password_reset"),
        ("nobody@alpha.example", "accounts/unknown_account"),
    ]
    assert {mail.priority for mail in mails} == {MailPriority.ACCOUNT}


def test_account_mails_are_in_the_language_of_the_account(client: Client) -> None:
    user = make_user("reader@alpha.example", language="en", name="Jo Reader")
    client.post(reverse("account_reset_password"), {"email": user.email})
    mail = OutgoingMail.objects.get()
    assert mail.content.language == "en"
    assert mail.content.subject == "Set a new password"
    assert mail.to_name == "Jo Reader"


def test_sign_up_is_closed_politely(client: Client, world: World) -> None:
    path = reverse("account_signup")
    assert client.get(path).status_code == 200
    for email in ("nobody@alpha.example", world.manager.email):
        response = client.post(path, {"email": email, "password1": "x" * 14, "password2": "x" * 14})
        assert response.status_code == 200
        assert "password1" not in response.content.decode()
    assert not OutgoingMail.objects.exists()


def test_guessing_passwords_is_slowed_down(world: World) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, world.manager, "a wrong guess")
    response = sign_in(client, world.manager)
    assert response.status_code != 302
    assert "_auth_user_id" not in client.session
    # Others are not shut out.
    assert sign_in(Client(), world.outsider).status_code == 302


def test_changing_the_password_is_told_by_mail(client: Client, world: World) -> None:
    sign_in(client, world.member)
    new = "an even longer passphrase"
    client.post(
        reverse("account_change_password"),
        {"oldpassword": "correct horse battery", "password1": new, "password2": new},
    )
    world.member.refresh_from_db()
    assert world.member.check_password(new)
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.content.name) == (world.member.email, "accounts/security_notice")


def test_inactive_person_cannot_sign_in(client: Client, world: World) -> None:
    world.member.is_active = False
    world.member.save()
    sign_in(client, world.member)
    assert "_auth_user_id" not in client.session
