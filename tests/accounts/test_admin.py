"""What operators may do with people, tokens and mails, and what they never see."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.choices import TokenScope
from accounts.models import User
from core.models import MailContent, OutgoingMail
from tests.conftest import World
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> User:
    user = make_user("root@portal.example", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def test_new_person_gets_a_link_instead_of_a_password(client: Client, operator: User) -> None:
    response = client.post(
        reverse("admin:accounts_user_add"),
        {"email": "New@alpha.example", "name": "New", "language": "de"},
    )
    assert response.status_code == 302, response.context["errors"]
    user = User.objects.get(email="new@alpha.example")
    assert not user.has_usable_password()
    assert OutgoingMail.objects.get().content.name == "accounts/account_created"


def test_person_page_opens_and_saves(client: Client, operator: User, world: World) -> None:
    page = reverse("admin:accounts_user_change", args=[world.member.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"name": "Renamed", "language": "en", "is_active": "on", "is_staff": "on"})
    world.member.refresh_from_db()
    assert (world.member.name, world.member.is_staff) == ("Renamed", True)


def test_link_can_be_mailed_again(client: Client, operator: User, world: World) -> None:
    client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "mail_password_link", "_selected_action": [world.member.pk]},
    )
    assert OutgoingMail.objects.get().to == world.member.email


def test_tokens_are_looked_at_and_revoked(client: Client, operator: User, world: World) -> None:
    token, _secret = services.create_token(
        user=world.manager, name="Site", scope=TokenScope.READ, days=7
    )
    listing = reverse("admin:accounts_apitoken_changelist")
    assert token.prefix in client.get(listing).content.decode()
    client.post(listing, {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_failed_mails_are_sent_again_and_account_mails_stay_closed(
    client: Client, operator: User
) -> None:
    mails = {}
    for kind in ("event", "account"):
        content = MailContent.objects.create(
            name="x", kind=kind, language="de", subject="Betreff", text=f"words-{kind}", html=""
        )
        mails[kind] = OutgoingMail.objects.create(
            content=content, to="guest@alpha.example", state="failed", error="550 no"
        )
    for kind, shown in (("event", True), ("account", False)):
        page = client.get(reverse("admin:core_outgoingmail_change", args=[mails[kind].pk]))
        assert page.status_code == 200
        assert (f"words-{kind}" in page.content.decode()) is shown
    listing = reverse("admin:core_outgoingmail_changelist")
    assert client.get(listing, {"state": "failed"}).status_code == 200
    client.post(
        listing, {"action": "queue_again", "_selected_action": [mail.pk for mail in mails.values()]}
    )
    assert OutgoingMail.objects.due().count() == 2
