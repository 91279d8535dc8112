"""Answers from Outlook, Google, Apple and Thunderbird, put into a real mailbox and read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.mail.tags import address_tag
from core.models import AddressState, InboundNote
from events.choices import Answer, AnswerSource, EventStatus, RegistrationState
from events.models import Event, Invitation, Registration
from events.services import answer_invitation, read_mailbox
from events.tasks import read_mailbox as read_mailbox_task
from tests.factories import make_event, make_registration
from tests.imap_server import ImapServer, imap_server

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "replies"
UID = "6f1c8f0a-52d1-4c8e-9b57-0a5d7c3e9f21"
STARTS = datetime(2091, 9, 18, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def box(server: ImapServer, settings: Any) -> ImapServer:
    settings.IMAP_URL = server.url
    with server.opened() as client:
        if found := client.search(["ALL"]):
            client.delete_messages(found)
            client.expunge()
    return server


@pytest.fixture
def invitation(db: None) -> Invitation:
    event = make_event(STARTS, uid=UID, title_de="Herbstplenum")
    invitation: Invitation = Invitation.objects.create(
        event=event, email="Guest@alpha.example", name="Gast"
    )
    return invitation


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def reply(partstat: str = "ACCEPTED", **changes: str) -> bytes:
    """A short answer in plain text, for what samples need not show."""
    given = {
        "sender": "guest@alpha.example",
        "attendee": "guest@alpha.example",
        "uid": UID,
        "stamp": "20250915T081503Z",
        "start": "DTSTART:20910918T080000Z",
        "method": "REPLY",
        "to": "dialog@portal.example",
        "organizer": "dialog@portal.example",
        **changes,
    }
    return (
        (
            "From: {sender}\nTo: {to}\nSubject: Antwort\nMIME-Version: 1.0\n"
            "Content-Type: text/calendar; method={method}; charset=utf-8\n\n"
            "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\nMETHOD:{method}\nBEGIN:VEVENT\n"
            "UID:{uid}\nDTSTAMP:{stamp}\n{start}\nORGANIZER:mailto:{organizer}\n"
            "ATTENDEE;PARTSTAT={partstat}:mailto:{attendee}\nEND:VEVENT\nEND:VCALENDAR\n"
        )
        .format(partstat=partstat, **given)
        .encode()
    )


def left_for_people(box: ImapServer, raw: bytes) -> str:
    """Read one mail, check that it was left alone, and return what staff is told."""
    uid = box.put(raw)
    reading = read_mailbox()
    assert (reading.understood, reading.noted) == ({}, 1)
    assert box.is_unread(uid)
    assert not Registration.objects.exists()
    assert set(Invitation.objects.values_list("answer", flat=True)) <= {""}
    return InboundNote.objects.get().reason


@pytest.mark.parametrize(
    ("name", "answer", "stamp"),
    [
        ("outlook_accepted", Answer.YES, datetime(2025, 9, 15, 8, 15, 3, tzinfo=UTC)),
        ("google_declined", Answer.NO, datetime(2025, 9, 15, 9, 17, 22, tzinfo=UTC)),
        ("apple_tentative", Answer.MAYBE, datetime(2025, 9, 15, 10, 15, tzinfo=UTC)),
        ("thunderbird_accepted", Answer.YES, datetime(2025, 9, 15, 11, 15, 1, tzinfo=UTC)),
        ("exchange_delegate_attachment", Answer.NO, datetime(2025, 9, 15, 8, 15, 3, tzinfo=UTC)),
    ],
)
def test_answer_of_a_calendar_program_is_stored(
    box: ImapServer, invitation: Invitation, name: str, answer: Answer, stamp: datetime
) -> None:
    uid = box.put(sample(name))
    reading = read_mailbox()
    assert reading.understood == {"answer": 1}, InboundNote.objects.values()
    assert not box.is_unread(uid)
    invitation.refresh_from_db()
    assert (invitation.answer, invitation.answer_source) == (answer, AnswerSource.CALENDAR)
    assert invitation.answer_stamp == stamp
    registered = Registration.objects.filter(state=RegistrationState.REGISTERED).exists()
    assert registered == (answer == Answer.YES)


def test_same_answer_read_twice_changes_nothing(box: ImapServer, invitation: Invitation) -> None:
    for _ in range(2):
        box.put(sample("outlook_accepted"))
        assert read_mailbox().understood == {"answer": 1}
    assert Registration.objects.count() == 1


def test_the_later_answer_counts_whichever_is_read_first(
    box: ImapServer, invitation: Invitation
) -> None:
    box.put(reply("DECLINED", stamp="20250915T100000Z"))
    box.put(reply("ACCEPTED", stamp="20250915T090000Z"))
    assert read_mailbox().understood == {"answer": 1, "older answer": 1}
    invitation.refresh_from_db()
    assert invitation.answer == Answer.NO


def test_answer_by_link_is_not_overwritten_by_an_older_one(
    box: ImapServer, invitation: Invitation
) -> None:
    answer_invitation(invitation=invitation, answer=Answer.NO)
    box.put(reply("ACCEPTED", stamp="20200101T090000Z"))
    assert read_mailbox().understood == {"older answer": 1}
    assert Invitation.objects.get().answer == Answer.NO


def test_stamp_from_the_future_does_not_silence_later_answers(
    box: ImapServer, invitation: Invitation
) -> None:
    box.put(reply("ACCEPTED", stamp="20990101T000000Z"))
    read_mailbox()
    stamp = Invitation.objects.get().answer_stamp
    assert stamp is not None
    assert stamp <= timezone.now()


def test_only_the_attendee_speaks_for_themselves(box: ImapServer, invitation: Invitation) -> None:
    assert "stranger@beta.example" in left_for_people(box, reply(sender="stranger@beta.example"))


def test_answer_without_the_sign_of_its_invitation_is_not_believed(
    box: ImapServer, invitation: Invitation, settings: Any
) -> None:
    settings.CALENDAR_REPLY_ADDRESS = "dialog+*@portal.example"
    other = f"dialog+{address_tag('other@alpha.example')}@portal.example"
    left_for_people(box, reply(organizer=other))


@pytest.mark.parametrize("place", ["organizer", "to"])
def test_answer_with_the_sign_counts_whatever_address_it_comes_from(
    box: ImapServer, invitation: Invitation, settings: Any, place: str
) -> None:
    settings.CALENDAR_REPLY_ADDRESS = "dialog+*@portal.example"
    mine = f"dialog+{address_tag('guest@alpha.example')}@portal.example"
    box.put(reply(sender="guest.private@beta.example", **{place: mine.upper()}))
    assert read_mailbox().understood == {"answer": 1}


def test_uninvited_address_and_unknown_event_are_told_to_staff(
    box: ImapServer, invitation: Invitation
) -> None:
    reason = left_for_people(box, reply(attendee="x@beta.example", sender="x@beta.example"))
    assert "x@beta.example" in reason


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": "11111111-2222-4333-8444-555555555555"},
        {"uid": "no-uuid"},
        {"partstat": "DELEGATED"},
        {"partstat": "NEEDS-ACTION"},
        {"method": "COUNTER"},
        {"method": "REQUEST"},
        {"start": "DTSTART:20910917T080000Z"},
        {"attendee": "nobody"},
        {"attendee": "x@alpha.example\nATTENDEE:mailto:y@alpha.example"},
    ],
)
def test_what_is_no_plain_answer_is_left_for_people(
    box: ImapServer, invitation: Invitation, changes: dict[str, str]
) -> None:
    assert left_for_people(box, reply(**changes))


def test_attendee_may_be_named_by_parameter(box: ImapServer, invitation: Invitation) -> None:
    raw = reply(attendee="guest@alpha.example").replace(
        b"PARTSTAT=ACCEPTED:mailto:guest@alpha.example",
        b'PARTSTAT=ACCEPTED;EMAIL="guest@alpha.example":urn:uuid:9B8F8C6E-3A83-4D4B-A3A4-0D2C3E7F6D55',
    )
    box.put(raw)
    assert read_mailbox().understood == {"answer": 1}


def test_no_to_an_earlier_date_is_still_a_no(box: ImapServer, invitation: Invitation) -> None:
    box.put(reply("DECLINED", start="DTSTART:20910917T080000Z"))
    assert read_mailbox().understood == {"answer": 1}


def test_all_day_events_are_answered_by_day(box: ImapServer, invitation: Invitation) -> None:
    Event.objects.update(date_precision="day")
    box.put(reply(start="DTSTART;VALUE=DATE:20910918"))
    assert read_mailbox().understood == {"answer": 1}


@pytest.mark.parametrize("change", ["over", "cancelled"])
def test_answer_that_comes_too_late_is_told_to_staff(
    box: ImapServer, invitation: Invitation, change: str
) -> None:
    past = timezone.now().replace(second=0, microsecond=0) - timedelta(days=3)
    if change == "over":
        Event.objects.update(starts_at=past, ends_at=past + timedelta(hours=1))
    else:
        Event.objects.update(status=EventStatus.CANCELLED)
    begins = Event.objects.get().starts_at
    reason = left_for_people(box, reply(start=f"DTSTART:{begins:%Y%m%dT%H%M%SZ}"))
    assert "guest@alpha.example" in reason


@pytest.mark.parametrize(
    "body",
    [
        b"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nEND:VCALENDAR\n",
        b"\xff\xfe\x00 not a calendar",
        b"BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nATTENDEE:x\nDTSTAMP:tomorrow\n"
        b"DTSTART:00010101T000000Z\nEND:VEVENT\nEND:VCALENDAR\n",
        b"",
        b"BEGIN:VEVENT\n" * 3000,
        b"X" * 300_000,
    ],
)
def test_broken_calendars_are_left_for_people(
    box: ImapServer, invitation: Invitation, body: bytes
) -> None:
    head = b"From: guest@alpha.example\nSubject: x\nContent-Type: text/calendar; method=REPLY\n\n"
    left_for_people(box, head + b"\n".join(body[at : at + 900] for at in range(0, len(body), 900)))


def test_person_who_registered_without_invitation_confirms_and_withdraws(box: ImapServer) -> None:
    registration = make_registration(make_event(STARTS, uid=UID), email="guest@alpha.example")
    Registration.objects.update(created_at=datetime(2025, 9, 1, tzinfo=UTC))
    for partstat, state in [
        ("ACCEPTED", RegistrationState.REGISTERED),
        ("DECLINED", RegistrationState.CANCELLED),
    ]:
        box.put(reply(partstat))
        assert read_mailbox().understood == {"answer": 1}
        registration.refresh_from_db()
        assert registration.state == state


def test_maybe_of_a_registered_person_is_told_to_staff(box: ImapServer) -> None:
    registration = make_registration(make_event(STARTS, uid=UID), email="guest@alpha.example")
    box.put(reply("TENTATIVE"))
    assert read_mailbox().noted == 1
    registration.refresh_from_db()
    assert registration.state == RegistrationState.REGISTERED


def test_reading_goes_through_all_kinds_of_mail(
    box: ImapServer, invitation: Invitation, capsys: pytest.CaptureFixture[str]
) -> None:
    box.put(sample("google_declined"))
    box.put(b"From: a@alpha.example\nAuto-Submitted: auto-replied\nSubject: Urlaub\n\nBin weg\n")
    box.put(b"From: a@alpha.example\nSubject: Frage\n\nWann?\n")
    call_command("read_mailbox")
    words = capsys.readouterr().out
    assert "answer: 1" in words
    assert "automatic answer: 1" in words
    assert "with a note: 1" in words
    assert not AddressState.objects.exists()


def test_without_a_mailbox_the_command_says_so_and_beat_does_nothing(settings: Any) -> None:
    settings.IMAP_URL = ""
    read_mailbox_task()
    with pytest.raises(CommandError):
        call_command("read_mailbox")
    settings.IMAP_URL = "imap://dialog:hunter2@127.0.0.1:1/INBOX"
    read_mailbox_task()
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:1"):
        call_command("read_mailbox")
