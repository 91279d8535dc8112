"""Mails that come back, and what follows for the address."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.choices import MailKind
from core.mail import Recipient, blocked, lift_block, prepare, queue_many, record_bounce, send
from core.models import AddressState, OutgoingMail
from core.tasks import purge_mails
from tests.conftest import World

pytestmark = pytest.mark.django_db


def write_many(kind: str, *addresses: str) -> Any:
    content = prepare("accounts/account_deleted", language="de", kind=kind, context={})
    return queue_many(content, [Recipient(address) for address in addresses])


def test_permanent_failure_blocks_mails_to_many() -> None:
    (mail,) = write_many(MailKind.EVENT, "Guest@alpha.example")
    OutgoingMail.objects.update(state="sent")
    record_bounce(
        address="Guest@Alpha.example", status="5.1.1", reason="No such\n mailbox", mail=mail
    )
    mail.refresh_from_db()
    assert mail.bounced_at is not None
    assert (mail.state, mail.error) == ("sent", "5.1.1 No such mailbox")
    assert blocked(["GUEST@alpha.example", "other@alpha.example"]) == {"guest@alpha.example"}
    mails = write_many(MailKind.EVENT, "guest@ALPHA.example", "other@alpha.example")
    assert [one.to for one in mails] == ["other@alpha.example"]
    assert mails.blocked == {"guest@alpha.example"}


def test_mails_nobody_can_refuse_are_tried_all_the_same() -> None:
    record_bounce(address="guest@alpha.example", status="5.1.1", reason="gone")
    assert len(write_many(MailKind.ACCOUNT, "guest@alpha.example")) == 1
    assert len(write_many(MailKind.REVIEW, "guest@alpha.example")) == 1
    one = send(
        "accounts/account_deleted",
        to="guest@alpha.example",
        language="de",
        kind=MailKind.EVENT,
        context={},
    )
    assert one is not None


@pytest.mark.parametrize("status", ["4.2.2", "2.0.0", "", "nonsense that is far too long"])
def test_anything_else_only_counts(status: str) -> None:
    record_bounce(address="guest@alpha.example", status=status, reason="x" * 500)
    record_bounce(address="guest@alpha.example", status=status, reason="full")
    state = AddressState.objects.get()
    assert (state.bounces, state.is_blocked, state.reason) == (2, False, "full")
    assert blocked(["guest@alpha.example"]) == set()


def test_full_mailbox_does_not_lift_or_reword_a_block() -> None:
    record_bounce(address="guest@alpha.example", status="5.1.1", reason="gone")
    record_bounce(address="guest@alpha.example", status="4.2.2", reason="full")
    state = AddressState.objects.get()
    assert (state.bounces, state.is_blocked, state.reason) == (2, True, "gone")


def test_the_same_mail_coming_back_twice_counts_once() -> None:
    (mail,) = write_many(MailKind.EVENT, "guest@alpha.example")
    for _ in range(2):
        record_bounce(address=mail.to, status="5.1.1", reason="gone", mail=mail)
    assert AddressState.objects.get().bounces == 1


def test_lifted_block_lets_mails_go_again() -> None:
    record_bounce(address="guest@alpha.example", status="5.1.1", reason="gone")
    assert lift_block(address="Guest@alpha.example") is True
    assert lift_block(address="guest@alpha.example") is False
    assert len(write_many(MailKind.EVENT, "guest@alpha.example")) == 1


def test_operators_lift_blocks_in_the_administration(world: World) -> None:
    record_bounce(address="guest@alpha.example", status="5.1.1", reason="gone")
    world.staff.is_superuser = True
    world.staff.save()
    client = Client()
    client.force_login(world.staff)
    address = reverse("admin:core_addressstate_changelist")
    assert b"guest@alpha.example" in client.get(address).content
    client.post(address, {"action": "lift", "_selected_action": [AddressState.objects.get().pk]})
    assert blocked(["guest@alpha.example"]) == set()


def test_what_is_known_of_addresses_is_not_kept_for_ever(settings: Any) -> None:
    settings.MAIL_KEEP_DAYS = 30
    for name, status, days in (
        ("blocked-new", "5.1.1", 300),
        ("blocked-old", "5.1.1", 366),
        ("counted-new", "4.2.2", 29),
        ("counted-old", "4.2.2", 31),
    ):
        record_bounce(address=f"{name}@alpha.example", status=status, reason="")
        AddressState.objects.filter(address__startswith=name).update(
            last_bounce_at=timezone.now() - timedelta(days=days)
        )
    purge_mails()
    left = AddressState.objects.values_list("address", flat=True)
    assert set(left) == {"blocked-new@alpha.example", "counted-new@alpha.example"}
