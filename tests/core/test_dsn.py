"""What servers write when a mail comes back, and what we make of it."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.choices import MailKind, MailState
from core.mail import Recipient, prepare, queue_many
from core.mail.inbound import NotUnderstoodError, read_mail
from core.mail.reports import take_automatic_answer, take_report
from core.models import AddressState, OutgoingMail

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "bounces"


def take(raw: bytes) -> str | None:
    return take_report(read_mail(raw, key="1:1", received_at=timezone.now()))


def sample(name: str, mail: OutgoingMail) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes().replace(b"@ID@", str(mail.pk).encode())


@pytest.fixture
def sent() -> OutgoingMail:
    content = prepare(
        "accounts/account_deleted", language="de", kind=MailKind.INVITATION, context={}
    )
    (mail,) = queue_many(content, [Recipient("Guest@alpha.example")])
    OutgoingMail.objects.update(state=MailState.SENT)
    return mail


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("postfix_failed", "5.1.1", "User unknown"),
        ("exchange_failed", "5.1.10", "RecipientNotFound"),
        ("headers_only_failed", "5.1.1", "does not exist"),
        ("qmail_failed", "5.1.1", "no mailbox here"),
        ("exim_failed", "5.0.0", "Unknown user"),
    ],
)
def test_bounce_marks_its_mail_and_blocks_the_address(
    sent: OutgoingMail, name: str, status: str, words: str
) -> None:
    assert take(sample(name, sent)) == "bounce"
    sent.refresh_from_db()
    assert sent.bounced_at is not None
    assert words in sent.error
    state = AddressState.objects.get()
    assert (state.address, state.status, state.is_blocked) == ("guest@alpha.example", status, True)


def test_full_mailbox_does_not_block(sent: OutgoingMail) -> None:
    assert take(sample("postfix_full", sent)) == "bounce"
    assert not AddressState.objects.get().is_blocked


@pytest.mark.parametrize("name", ["postfix_delayed", "postfix_delivered", "exim_delayed"])
def test_delay_and_success_are_understood_and_change_nothing(sent: OutgoingMail, name: str) -> None:
    assert take(sample(name, sent)) == "report"
    sent.refresh_from_db()
    assert sent.bounced_at is None
    assert not AddressState.objects.exists()


def test_report_taken_twice_counts_once(sent: OutgoingMail) -> None:
    for _ in range(2):
        take(sample("postfix_failed", sent))
    assert AddressState.objects.get().bounces == 1


def test_report_about_another_address_blocks_only_the_one_we_wrote_to(sent: OutgoingMail) -> None:
    raw = sample("postfix_failed", sent).replace(b"guest@alpha.example", b"victim@beta.example")
    take(raw)
    assert AddressState.objects.get().address == "guest@alpha.example"


@pytest.mark.parametrize(
    "change",
    [
        lambda raw, pk: raw.replace(pk, b"11111111-2222-4333-8444-555555555555"),
        lambda raw, pk: raw.replace(pk + b"@portal.example", pk + b"@elsewhere.example"),
    ],
)
def test_report_about_a_mail_that_is_not_ours_is_left_for_people(
    sent: OutgoingMail, change: Any
) -> None:
    raw = change(sample("postfix_failed", sent), str(sent.pk).encode())
    with pytest.raises(NotUnderstoodError):
        take(raw)
    assert not AddressState.objects.exists()


def test_person_who_quotes_a_failure_is_not_taken_for_a_server(sent: OutgoingMail) -> None:
    raw = sample("qmail_failed", sent).replace(b"Return-Path: <>\n", b"")
    raw = raw.replace(b"MAILER-DAEMON@mx.alpha.example", b"office@alpha.example")
    assert take(raw) is None


@pytest.mark.parametrize(
    ("headers", "is_automatic"),
    [
        ("Auto-Submitted: auto-replied (vacation)", True),
        ("Auto-Submitted: auto-generated", False),
        ("Auto-Submitted: no", False),
        ("X-Autoreply: yes", True),
        ("Precedence: auto_reply", True),
        ("Precedence: bulk", False),
        (
            "Auto-Submitted: auto-generated\n"
            "In-Reply-To: <11111111-2222-4333-8444-555555555555@portal.example>",
            True,
        ),
    ],
)
def test_holiday_notices_are_told_from_mails_of_people(headers: str, is_automatic: bool) -> None:
    raw = f"From: a@alpha.example\nSubject: Re: Plenum\n{headers}\n\nIch bin im Urlaub.\n"
    mail = read_mail(raw.encode(), key="1:1", received_at=timezone.now())
    assert (take_automatic_answer(mail) is not None) == is_automatic
