"""Writing mails: rows, languages, refusals and values."""

from typing import Any

import pytest
from django.core import signing
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from core.choices import MailKind, MailPriority, MailState
from core.mail import Recipient, pause, prepare, queue_many, resume, send, send_again
from core.mail.delivery import deliver_due
from core.mail.optout import make_token, opt_in, opt_out, opted_out, read_token
from core.models import MailContent, OutgoingMail
from core.tasks import deliver_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def templates(settings: Any, tmp_path: Any) -> None:
    """Three templates of a mail ``tests/greeting`` with a value of each recipient's own."""
    folder = tmp_path / "tests" / "mail"
    folder.mkdir(parents=True)
    (folder / "greeting.subject.txt").write_text("{{ event }}\n für %%guest%%\n")
    (folder / "greeting.txt").write_text(
        '{% extends "core/mail/base.txt" %}{% block content %}{{ event }}: %%guest%%{% endblock %}'
    )
    (folder / "greeting.html").write_text(
        '{% extends "core/mail/base.html" %}{% block content %}<p>{{ event }}</p>{% endblock %}'
    )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]


def write(to: str = "guest@alpha.example", **fields: Any) -> OutgoingMail | None:
    values: dict[str, Any] = {
        "language": "de",
        "kind": MailKind.EVENT,
        "context": {"event": "Müller & Söhne"},
    }
    return send("tests/greeting", to=to, **{**values, **fields})


def content(kind: str = MailKind.INVITATION) -> MailContent:
    return prepare("tests/greeting", language="de", kind=kind, context={"event": "Plenum"})


def test_mail_is_a_row_before_it_is_a_task(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        mail = write(to_name="Guest", priority=MailPriority.ACCOUNT)
    assert mail is not None
    assert mail.state == MailState.QUEUED
    assert [callback.__self__ for callback in callbacks] == [deliver_waiting]
    assert mail.content.subject == "Müller & Söhne für %%guest%%"
    assert "Müller & Söhne: %%guest%%" in mail.content.text
    assert "<p>Müller &amp; Söhne</p>" in mail.content.html


def test_mail_is_taken_back_with_its_transaction() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()
    assert not MailContent.objects.exists()


def test_dead_broker_does_not_lose_the_mail_or_break_the_page(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("broker is down")

    monkeypatch.setattr(deliver_waiting, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        mail = write()
    assert mail is not None
    assert OutgoingMail.objects.due().get() == mail


def test_address_that_opted_out_gets_no_mail_of_this_kind() -> None:
    opt_out(address="Guest@Alpha.example", kind=MailKind.EVENT)
    opt_out(address="guest@alpha.example", kind=MailKind.EVENT)
    assert write(to="guest@ALPHA.example") is None
    assert not MailContent.objects.exists()
    assert write(kind=MailKind.INVITATION) is not None
    opt_in(address="guest@alpha.example", kind=MailKind.EVENT)
    assert write() is not None


def test_account_mails_cannot_be_opted_out_of() -> None:
    opt_out(address="guest@alpha.example", kind=MailKind.ACCOUNT)
    assert opted_out(["guest@alpha.example"], MailKind.ACCOUNT) == set()
    assert write(kind=MailKind.ACCOUNT) is not None


def test_unsubscribe_link_is_signed() -> None:
    token = make_token("guest@alpha.example", MailKind.EVENT)
    subscription = read_token(token)
    assert subscription is not None
    assert (subscription.address, subscription.kind) == ("guest@alpha.example", MailKind.EVENT)
    forged = signing.Signer(salt="core.mail.optout", key="x" * 50).sign_object(
        ["a@b.example", "event"]
    )
    assert read_token(forged) is None
    assert read_token(token[:-1]) is None
    assert read_token("nonsense") is None


def test_thousands_share_one_content_and_few_queries(django_assert_num_queries: Any) -> None:
    letter = content()
    opt_out(address="guest-3@alpha.example", kind=MailKind.INVITATION)
    counts = []
    for number in (2, 200):
        recipients = [
            Recipient(f"guest-{n}@alpha.example", f"Guest {n}", {"guest": f"G{n}"})
            for n in range(number)
        ]
        # Refusals, blocks, savepoint, insert, release.
        with django_assert_num_queries(5):
            mails = queue_many(letter, recipients)
        counts.append(len(mails))
    assert counts == [2, 199]
    assert "guest-3@alpha.example" not in {mail.to for mail in mails}
    assert OutgoingMail.objects.get(pk=mails[0].pk).values == {"guest": "G0"}
    assert OutgoingMail.objects.progress() == {
        "queued": 201,
        "paused": 0,
        "sending": 0,
        "sent": 0,
        "failed": 0,
        "total": 201,
    }


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"guest": "a", "to": "other@alpha.example"},
        {"guest": "a", "Not a name": "b"},
        {"guest": 7},
        {"guest": "bell\x07"},
        {"guest": "x" * 5000},
    ],
    ids=["missing", "built-in", "name", "type", "control character", "length"],
)
def test_bad_values_are_refused_before_anything_is_written(values: Any) -> None:
    with pytest.raises(ValueError):
        queue_many(content(), [Recipient("guest@alpha.example", values=values)])
    assert not OutgoingMail.objects.exists()


def test_failed_mail_can_be_sent_again() -> None:
    mails = queue_many(
        content(), [Recipient(f"g{n}@alpha.example", values={"guest": "G"}) for n in range(3)]
    )
    failed, sent, waiting = mails
    OutgoingMail.objects.filter(pk=failed.pk).update(state="failed", attempts=12, error="550 no")
    OutgoingMail.objects.filter(pk=sent.pk).update(state="sent")
    assert send_again(OutgoingMail.objects.all()) == 1
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.error) == ("queued", 0, "")
    assert OutgoingMail.objects.get(pk=sent.pk).state == "sent"
    assert OutgoingMail.objects.get(pk=waiting.pk).state == "queued"


def test_calendar_needs_its_method() -> None:
    with pytest.raises(ValueError, match="method"):
        write(calendar="BEGIN:VCALENDAR")


def test_paused_mails_wait_until_they_are_resumed(
    settings: Any, tmp_path: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_URL, settings.EMAIL_FILE_PATH = "", tmp_path / "mail"
    with django_capture_on_commit_callbacks() as callbacks:
        mails = queue_many(
            content(),
            [Recipient(f"g{n}@alpha.example", values={"guest": "G"}) for n in range(3)],
            paused=True,
        )
    assert callbacks == []
    assert OutgoingMail.objects.progress()["paused"] == 3
    deliver_due()
    assert OutgoingMail.objects.progress()["sent"] == 0
    mine = OutgoingMail.objects.filter(pk=mails[0].pk)
    with django_capture_on_commit_callbacks() as callbacks:
        assert resume(mine) == 1
    assert [callback.__self__ for callback in callbacks] == [deliver_waiting]
    deliver_due()
    assert mine.get().state == MailState.SENT
    assert (pause(mine), resume(mine)) == (0, 0)
    assert OutgoingMail.objects.progress()["paused"] == 2


def test_pause_takes_what_waits_and_nothing_else() -> None:
    mails = queue_many(
        content(), [Recipient(f"g{n}@alpha.example", values={"guest": "G"}) for n in range(4)]
    )
    for mail, state in zip(mails, ["queued", "sending", "sent", "failed"], strict=True):
        OutgoingMail.objects.filter(pk=mail.pk).update(state=state)
    assert pause(OutgoingMail.objects.filter(content=mails[0].content)) == 1
    states = [OutgoingMail.objects.get(pk=mail.pk).state for mail in mails]
    assert states == ["paused", "sending", "sent", "failed"]


@pytest.mark.parametrize("picture", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 200_000])
def test_only_small_png_pictures_are_taken(picture: bytes) -> None:
    with pytest.raises(ValueError, match="PNG"):
        write(picture=picture)


def test_picture_is_kept_with_the_content() -> None:
    mail = write(picture=b"\x89PNG\r\n\x1a\nabc")
    assert mail is not None
    mail.content.refresh_from_db()
    assert mail.content.picture is not None
    assert bytes(mail.content.picture) == b"\x89PNG\r\n\x1a\nabc"
