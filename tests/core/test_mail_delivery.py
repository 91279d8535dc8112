"""Delivery to a real SMTP server that accepts, hesitates, refuses and hangs up."""

import email
import email.policy
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from core.choices import MailPriority
from core.mail import claims, delivery, upkeep
from core.mail.delivery import MAX_ATTEMPTS, deliver_due, waiting_time
from core.models import MailContent, OutgoingMail
from core.tasks import purge_mails, sweep_mails
from tests.mail_server import ACCEPT, HANG_UP, mail_server, part, use_server

pytestmark = pytest.mark.django_db(transaction=True)


def queue(number: int = 1, **fields: Any) -> list[OutgoingMail]:
    content = MailContent.objects.create(
        name="tests/letter",
        kind=fields.pop("kind", "event"),
        language="de",
        subject=fields.pop("subject", "Über Wärme"),
        text="%%greeting%%\nMüller & Söhne\n",
        html="<p>%%greeting%%</p>",
    )
    return OutgoingMail.objects.bulk_create(
        OutgoingMail(
            **{"content": content, "to": f"guest-{n}@alpha.example", "due_at": timezone.now()}
            | fields
        )
        for n in range(number)
    )


def write_urgent() -> None:
    """Write a sign-in mail on a connection of its own."""
    queue(1, to="urgent@alpha.example", priority=MailPriority.ACCOUNT)
    connections.close_all()


def reload(mail: OutgoingMail) -> OutgoingMail:
    return OutgoingMail.objects.get(pk=mail.pk)


def make_due() -> None:
    OutgoingMail.objects.update(due_at=timezone.now())


def test_batch_goes_out_over_one_connection(settings: Any) -> None:
    mails = queue(30)
    with mail_server() as server:
        use_server(settings, server)
        assert deliver_due() is None
        assert server.connections == 1
    assert sorted(server.recipients) == sorted(mail.to for mail in mails)
    assert {message["Message-ID"] for message in server.messages} == {
        f"<{mail.pk}@portal.example>" for mail in mails
    }
    assert OutgoingMail.objects.progress()["sent"] == 30
    assert part(server.messages[0], "text/plain").splitlines()[1] == "Müller & Söhne"


def test_sent_mails_are_not_sent_again(settings: Any) -> None:
    queue(3)
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
        deliver_due()
    assert len(server.raw) == 3


def test_greylisted_mail_is_tried_again_later(settings: Any) -> None:
    (mail,) = queue()
    with mail_server(lambda envelope, number: "450 Come back" if number == 1 else ACCEPT) as server:
        use_server(settings, server)
        deliver_due()
        waiting = reload(mail)
        assert (waiting.state, waiting.attempts, waiting.error) == ("queued", 1, "450 Come back")
        assert waiting.due_at > timezone.now()
        deliver_due()
        assert not server.raw
        make_due()
        deliver_due()
    assert reload(mail).state == "sent"
    assert reload(mail).error == ""
    assert len(server.raw) == 1


def test_refused_mail_fails_with_the_words_of_the_server(settings: Any) -> None:
    first, second = queue(2)

    def refuse(envelope: Any, number: int) -> str:
        return "550 No such person" if envelope.rcpt_tos == [first.to] else ACCEPT

    with mail_server(refuse=refuse) as server:
        use_server(settings, server)
        deliver_due()
    assert reload(first).state == "failed"
    assert reload(first).error == "550 No such person"
    assert reload(second).state == "sent"


def test_content_refused_after_data_fails_and_the_rest_goes_on(settings: Any) -> None:
    queue(3)
    with mail_server(lambda _, number: "554 Looks like spam" if number == 2 else ACCEPT) as server:
        use_server(settings, server)
        deliver_due()
    assert OutgoingMail.objects.progress() | {"total": 0} == {
        "queued": 0,
        "paused": 0,
        "sending": 0,
        "sent": 2,
        "failed": 1,
        "total": 0,
    }


def test_server_that_refuses_half_of_the_recipients_gets_the_other_half(settings: Any) -> None:
    mails = queue(40)
    refused = {mail.to for mail in mails[::4]}
    later = {mail.to for mail in mails[1::4]}

    def refuse(envelope: Any, number: int) -> str:
        to = envelope.rcpt_tos[-1]
        if to in refused:
            return "550 5.1.1 No such person"
        return "452 4.2.2 Mailbox full" if to in later and number == 1 else ACCEPT

    with mail_server(refuse=refuse) as server:
        use_server(settings, server)
        deliver_due()
        assert OutgoingMail.objects.progress()["sent"] == 20
        assert set(
            OutgoingMail.objects.filter(state="failed").values_list("to", "error", "attempts")
        ) == {(to, "550 5.1.1 No such person", 1) for to in refused}
        assert set(OutgoingMail.objects.filter(state="queued").values_list("to", "error")) == {
            (to, "452 4.2.2 Mailbox full") for to in later
        }
        make_due()
        deliver_due()
    assert OutgoingMail.objects.progress()["sent"] == 30
    assert sorted(server.recipients) == sorted({mail.to for mail in mails} - refused)


def test_slow_server_lets_sign_in_mails_wait_for_a_part_of_a_batch(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH_SECONDS", 0.2)
    queue(60, priority=MailPriority.BULK)

    def answer(envelope: Any, number: int) -> str:
        if number == 2:
            somebody = Thread(target=write_urgent)
            somebody.start()
            somebody.join()
        sleep(0.05)
        return ACCEPT

    with mail_server(answer) as server:
        use_server(settings, server)
        deliver_due()
    assert server.recipients.index("urgent@alpha.example") < 15
    assert len(server.recipients) == 61


def test_mail_that_is_always_put_off_fails_in_the_end(settings: Any) -> None:
    (mail,) = queue()
    with mail_server(lambda envelope, number: "451 Not today") as server:
        use_server(settings, server)
        for _ in range(MAX_ATTEMPTS):
            make_due()
            deliver_due()
    assert reload(mail).state == "failed"
    assert reload(mail).attempts == MAX_ATTEMPTS
    assert reload(mail).error == "451 Not today"


def test_waiting_times_grow_to_a_limit() -> None:
    minutes = [waiting_time(n).total_seconds() / 60 for n in range(1, MAX_ATTEMPTS)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_dropped_connection_is_renewed_and_nothing_is_lost(settings: Any) -> None:
    mails = queue(20)
    with mail_server(lambda _, number: HANG_UP if number in {7, 15} else ACCEPT) as server:
        use_server(settings, server)
        deliver_due()
        assert server.connections == 3
    assert sorted(server.recipients) == sorted(mail.to for mail in mails)
    assert OutgoingMail.objects.progress()["sent"] == 20


def test_closing_server_is_left_and_asked_anew(settings: Any) -> None:
    queue(4)
    with mail_server(lambda _, number: "421 Enough for now" if number == 3 else ACCEPT) as server:
        use_server(settings, server)
        deliver_due()
        assert server.connections == 2
    assert OutgoingMail.objects.progress()["sent"] == 4


def test_mail_that_breaks_every_connection_does_not_stop_the_others(settings: Any) -> None:
    first, second = queue(2)
    OutgoingMail.objects.filter(pk=first.pk).update(priority=MailPriority.ACCOUNT)

    def answer(envelope: Any, number: int) -> str:
        return HANG_UP if envelope.rcpt_tos == [first.to] else ACCEPT

    with mail_server(answer) as server:
        use_server(settings, server)
        deliver_due()
        assert reload(first).state == "queued"
        assert reload(first).attempts == 1
        assert (reload(second).state, reload(second).attempts) == ("queued", 0)
        deliver_due()
    assert reload(second).state == "sent"


def test_unreachable_server_leaves_all_mails_queued_with_the_reason(settings: Any) -> None:
    mails = queue(3)
    with mail_server() as server:
        use_server(settings, server)
    deliver_due()
    assert [reload(mail).state for mail in mails] == ["queued"] * 3
    assert [reload(mail).attempts for mail in mails] == [0] * 3
    assert "127.0.0.1" in reload(mails[0]).error
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
    assert len(server.raw) == 3
    assert reload(mails[0]).error == ""


def test_sign_in_mail_overtakes_invitations(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "BATCH", 5)
    queue(10, priority=MailPriority.BULK)

    def answer(envelope: Any, number: int) -> str:
        if number == 2:
            # Somebody else writes it while the first batch is under way.
            somebody = Thread(target=write_urgent)
            somebody.start()
            somebody.join()
        return ACCEPT

    with mail_server(answer) as server:
        use_server(settings, server)
        deliver_due()
    assert server.recipients.index("urgent@alpha.example") == 5
    assert len(server.recipients) == 11


def test_slow_line_gives_the_rest_of_its_batch_back(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BATCH_SECONDS", 0.0)
    queue(3)
    with mail_server() as server:
        use_server(settings, server)
        assert deliver_due(seconds=0.05) == 0
        assert not server.raw
    assert OutgoingMail.objects.progress()["queued"] == 3


def test_mail_that_cannot_be_written_fails_alone(settings: Any) -> None:
    mails = queue(3)
    OutgoingMail.objects.filter(pk=mails[1].pk).update(to="kaputt@" + "ü" * 80 + ".example")
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
    assert [reload(mail).state for mail in mails] == ["sent", "failed", "sent"]
    assert "UnicodeError" in reload(mails[1]).error


def test_mails_of_a_dead_worker_are_found_at_the_next_sweep(settings: Any) -> None:
    mails = queue(2)
    with claims.claimant() as name:
        assert len(claims.claim(name).rows) == 2
        # A living worker's rows are its own.
        assert upkeep.recover_claims() == 0
    # Its lock is gone, as it is when the process is.
    assert upkeep.recover_claims() == 2
    assert [reload(mail).state for mail in mails] == ["queued"] * 2
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
    assert len(server.raw) == 2


def test_claim_of_a_vanished_machine_ends_after_a_while() -> None:
    (mail,) = queue()
    with claims.claimant() as name:
        claims.claim(name)
        OutgoingMail.objects.update(claimed_at=timezone.now() - upkeep.STALE_AFTER)
        assert upkeep.recover_claims() == 1
    assert reload(mail).state == "queued"


def test_two_workers_never_claim_the_same_mail() -> None:
    queue(150)
    with claims.claimant() as name:
        first = claims.claim(name).rows
        second = claims.claim(f"{name}-other").rows
    assert len(first) == 100
    assert len(second) == 50
    assert not {row.pk for row in first} & {row.pk for row in second}


def test_delivery_leaves_no_lock_behind(settings: Any) -> None:
    queue(1)
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)


def test_sweep_wakes_as_many_workers_as_are_allowed(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_DELIVERIES = 2
    woken: list[int] = []
    monkeypatch.setattr("core.tasks.deliver_waiting.delay", lambda: woken.append(1))
    sweep_mails()
    assert len(woken) == 0
    queue(1)
    sweep_mails()
    assert len(woken) == 1
    queue(400)
    sweep_mails()
    assert len(woken) == 3


def test_without_a_server_mails_become_files_any_mail_program_reads(
    settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_URL, settings.EMAIL_FILE_PATH = "", tmp_path / "mail"
    (mail,) = queue()
    deliver_due()
    (path,) = (tmp_path / "mail").iterdir()
    assert path.suffix == ".eml"
    assert "-uber-warme-" in path.name
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "Über Wärme"
    assert message["To"] == mail.to
    assert reload(mail).state == "sent"


def test_old_mails_are_deleted_and_waiting_ones_never(settings: Any) -> None:
    settings.MAIL_KEEP_DAYS = 30
    long_ago = timezone.now() - timedelta(days=31)
    yesterday = timezone.now() - timedelta(hours=25)
    (_old,) = queue(1, state="sent", created_at=long_ago)
    (_failed,) = queue(1, state="failed", created_at=long_ago)
    (waiting,) = queue(1, created_at=long_ago)
    (fresh,) = queue(1, state="sent", created_at=yesterday)
    (_key,) = queue(1, state="sent", created_at=yesterday, kind="account")
    MailContent.objects.update(created_at=long_ago)
    purge_mails()
    left = set(OutgoingMail.objects.values_list("pk", flat=True))
    assert left == {waiting.pk, fresh.pk}
    assert set(MailContent.objects.values_list("mails", flat=True)) == left
