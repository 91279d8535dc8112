"""Reading a real mailbox (Dovecot): what is understood is marked, all else stays unread."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.utils import timezone

from core.mail import mailbox
from core.mail.inbound import MOST_BYTES, InboundMail, NotUnderstoodError, UnreadableError
from core.mail.inbound import read_mail as read_raw
from core.models import InboundNote
from core.tasks import purge_mails
from tests.celery_worker import database_url
from tests.imap_server import ImapServer, imap_server

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def box(server: ImapServer, settings: Any) -> ImapServer:
    """The server with an empty mailbox, and the portal pointed at it."""
    settings.IMAP_URL = server.url
    with server.opened() as client:
        if found := client.search(["ALL"]):
            client.delete_messages(found)
            client.expunge()
    return server


def letter(subject: str = "Frage", sender: str = "guest@alpha.example") -> bytes:
    return f"From: {sender}\nTo: dialog@portal.example\nSubject: {subject}\n\nHallo\n".encode()


def knows(*subjects: str) -> mailbox.Handler:
    def handle(mail: InboundMail) -> str | None:
        return "known" if mail.subject in subjects else None

    return handle


def test_understood_is_marked_and_the_rest_stays_unread_with_one_note(box: ImapServer) -> None:
    known, unknown = box.put(letter("Bekannt")), box.put(letter("=?utf-8?Q?R=C3=BCckfrage?="))
    reading = mailbox.read([knows("Bekannt")])
    assert (reading.understood, reading.noted) == ({"known": 1}, 1)
    assert box.flags(known) == {r"\Seen", "ClusterDialog"}
    assert box.flags(unknown) == set()
    note = InboundNote.objects.get()
    assert (note.sender, note.subject) == ("guest@alpha.example", "Rückfrage")
    assert note.reason
    again = mailbox.read([knows("Bekannt")])
    assert (again.understood, again.noted) == ({}, 0)
    assert InboundNote.objects.count() == 1
    with box.opened() as client:
        assert len(client.search(["ALL"])) == 2


def test_noted_mail_can_be_read_again_when_the_portal_has_learnt(box: ImapServer) -> None:
    uid = box.put(letter("Neu"))
    mailbox.read([])
    assert mailbox.read([knows("Neu")], again=True).understood == {"known": 1}
    assert not box.is_unread(uid)
    assert InboundNote.objects.get().done_at is not None


def test_mails_people_have_read_or_left_for_a_month_are_not_touched(box: ImapServer) -> None:
    read = box.put(letter("Gelesen"))
    with box.opened() as client:
        client.add_flags([read], [rb"\Seen"])
    box.put(letter("Alt"), timezone.now() - timedelta(days=40))
    assert mailbox.read([knows("Gelesen", "Alt")]).understood == {}
    assert not InboundNote.objects.exists()


def test_one_mail_that_breaks_its_handler_does_not_stop_the_next(box: ImapServer) -> None:
    bad, good = box.put(letter("Schlecht")), box.put(letter("Gut"))

    def handle(mail: InboundMail) -> str:
        if mail.subject == "Schlecht":
            raise ZeroDivisionError
        return "known"

    reading = mailbox.read([handle])
    assert (reading.understood, reading.noted) == ({"known": 1}, 1)
    assert box.is_unread(bad)
    assert not box.is_unread(good)


def test_what_a_handler_wrote_before_it_failed_is_undone(box: ImapServer) -> None:
    box.put(letter())

    def handle(mail: InboundMail) -> str:
        InboundNote.objects.create(mailbox_key="half", reason="half")
        raise NotUnderstoodError("Grund")

    mailbox.read([handle])
    assert InboundNote.objects.get().reason == "Grund"


def test_trouble_of_the_database_is_not_blamed_on_the_mail(box: ImapServer) -> None:
    uid = box.put(letter())

    def handle(mail: InboundMail) -> str:
        raise OperationalError("deadlock detected")

    assert mailbox.read([handle]).noted == 0
    assert not InboundNote.objects.exists()
    assert mailbox.read([knows("Frage")]).understood == {"known": 1}
    assert not box.is_unread(uid)


def test_reader_that_dies_before_the_mark_reads_the_mail_again(
    box: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = box.put(letter())
    handled = []

    def handle(mail: InboundMail) -> str:
        handled.append(mail.key)
        return "known"

    with monkeypatch.context() as power_cut:
        power_cut.setattr(mailbox.IMAPClient, "add_flags", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mailbox.read([handle])
    assert box.is_unread(uid)
    mailbox.read([handle])
    assert not box.is_unread(uid)
    assert handled == [handled[0]] * 2


def test_one_run_takes_a_bounded_number_and_the_next_goes_on(box: ImapServer) -> None:
    for _ in range(3):
        box.put(letter())
    first = mailbox.read([knows("Frage")], most=2)
    assert (first.understood, first.is_unfinished) == ({"known": 2}, True)
    second = mailbox.read([knows("Frage")], most=2)
    assert (second.understood, second.is_unfinished) == ({"known": 1}, False)


def test_second_run_leaves_the_mailbox_to_the_first(box: ImapServer) -> None:
    uid = box.put(letter())
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", mailbox._LOCK)
        assert mailbox.read([knows("Frage")]).is_busy
    assert box.is_unread(uid)
    assert not mailbox.read([knows("Frage")]).is_busy


def test_giant_mail_is_noted_without_being_fetched(box: ImapServer) -> None:
    body = b"x" * 76 + b"\n"
    uid = box.put(letter("Riesig") + body * (MOST_BYTES // 77 + 10))
    reading = mailbox.read([knows("Riesig")])
    assert (reading.understood, reading.noted) == ({}, 1)
    assert InboundNote.objects.get().subject == "Riesig"
    assert box.is_unread(uid)


def test_mails_built_to_break_programs_are_noted(box: ImapServer) -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(150)
    )
    evil = [
        b"Subject: nest\n" + nested * 2,
        b"Subject: attached\n" + b"Content-Type: message/rfc822\n\n" * 190,
        b"Subject: flat\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000,
        b"Subject: parameters\nContent-Type: text/plain" + b'; a="b"' * 20_000 + b"\n\nx",
        b"Subject: =?utf-8?B?!!!!?= =?klingon?Q?=FF?=\nFrom: \xff\xfe <>\n\nx",
        b"Subject: charset\nContent-Type: text/plain; charset=klingon\n\n\xff\xfe\n",
        b"no header at all",
        b"Subject: null\x01\x02 in it\n\nx",
        b"Content-Type: text/html\n\n<p>only HTML</p>",
    ]
    uids = [box.put(raw) for raw in evil]

    def looks_at_everything(mail: InboundMail) -> None:
        for part in mail.parts():
            part.get_content_type(), part.get_filename(), part.get_payload(decode=True)
        mail.addresses("To", "Cc")

    reading = mailbox.read([looks_at_everything])
    assert (reading.understood, reading.noted) == ({}, len(evil))
    assert all(box.is_unread(uid) for uid in uids)


def test_unreadable_is_told_from_readable() -> None:
    for raw in (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 300,):
        with pytest.raises(UnreadableError):
            read_raw(raw, key="1:1", received_at=timezone.now())


def test_wrong_password_and_missing_server_are_told_without_the_password(
    server: ImapServer, settings: Any
) -> None:
    settings.IMAP_URL = server.url.replace("open%2Fsesame", "hunter2")
    with pytest.raises(mailbox.MailboxError) as refused:
        mailbox.read([])
    settings.IMAP_URL = "imap://dialog:hunter2@127.0.0.1:1/INBOX"
    with pytest.raises(mailbox.MailboxError) as absent:
        mailbox.read([])
    settings.IMAP_URL = f"{server.url}-that-is-not-there"
    with pytest.raises(mailbox.MailboxError) as nowhere:
        mailbox.read([])
    assert "hunter2" not in f"{refused.value} {absent.value} {nowhere.value}"


def test_notes_go_after_ninety_days(db: None) -> None:
    InboundNote.objects.create(mailbox_key="1:1", reason="alt")
    InboundNote.objects.update(created_at=timezone.now() - timedelta(days=91))
    InboundNote.objects.create(mailbox_key="1:2", reason="neu", received_at=datetime.now(UTC))
    purge_mails()
    assert InboundNote.objects.get().reason == "neu"
