"""Writing to a cluster whose address nobody learns."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.choices import MailKind
from core.models import MailOptOut, OutgoingMail
from tests.conftest import World
from tests.factories import make_cluster

pytestmark = pytest.mark.django_db

ENTRY = {
    "name": "Visitor",
    "email": "visitor@firm.example",
    "message": "We would like to <b>talk</b>.",
    "consent": "on",
}


def send(client: Client, slug: str = "alpha", **changes: str) -> Any:
    return client.post(
        reverse("clusters:cluster-contact", args=[slug]), {**ENTRY, **changes}, follow=False
    )


def receivers() -> list[str]:
    return list(OutgoingMail.objects.order_by("to").values_list("to", flat=True))


def test_the_message_goes_to_the_managers_who_answer_the_sender(
    client: Client, world: World
) -> None:
    answer = send(client)
    assert answer.url == reverse("clusters:cluster-contact-sent", args=["alpha"])
    assert receivers() == ["manager@alpha.example"]
    content = OutgoingMail.objects.get().content
    assert content.reply_to == "visitor@firm.example"
    assert "We would like to <b>talk</b>." in content.text
    assert "&lt;b&gt;talk" in content.html


def test_the_sender_learns_no_address(client: Client, world: World) -> None:
    for answer in (
        client.get(reverse("clusters:cluster-contact", args=["alpha"])),
        client.get(send(client).url),
    ):
        assert answer.status_code == 200
        assert "manager@alpha.example" not in answer.content.decode()


def test_without_managers_the_contact_address_gets_it_else_the_office(client: Client) -> None:
    make_cluster(slug="one", contact_email="office@one.example")
    make_cluster(slug="two")
    send(client, "one")
    send(client, "two")
    assert receivers() == sorted(["office@one.example", settings.CONTACT_EMAIL])


def test_a_manager_who_wants_no_messages_does_not_lose_them(client: Client, world: World) -> None:
    MailOptOut.objects.create(address="manager@alpha.example", kind=MailKind.CONTACT)
    send(client)
    assert receivers() == [settings.CONTACT_EMAIL]


@pytest.mark.parametrize(
    "wrong",
    [{"consent": ""}, {"email": "nonsense"}, {"message": ""}, {"name": ""}, {"homepage": "spam"}],
)
def test_incomplete_or_automatic_messages_are_not_sent(
    client: Client, world: World, wrong: dict[str, str]
) -> None:
    answer = send(client, **wrong)
    assert answer.status_code == 200
    assert "cd-error-summary" in answer.content.decode()
    assert receivers() == []


def test_one_connection_cannot_flood(client: Client, world: World) -> None:
    for _ in range(5):
        assert send(client).status_code == 302
    answer = send(client)
    assert answer.status_code == 200
    assert len(receivers()) == 5
    assert "We would like to" in answer.content.decode()


def test_drafts_cannot_be_written_to(client: Client) -> None:
    make_cluster(slug="draft", status="draft")
    assert send(client, "draft").status_code == 404
    assert receivers() == []


def test_header_lines_cannot_be_smuggled_in(client: Client, world: World) -> None:
    send(client, name="A\r\nBcc: victim@firm.example")
    assert "\n" not in OutgoingMail.objects.get().content.subject
    assert receivers() == ["manager@alpha.example"]
