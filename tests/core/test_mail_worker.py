"""The whole way: written in a transaction, carried by Celery over Valkey, accepted over SMTP."""

from collections import Counter
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from django.db import transaction

from core.choices import MailKind, MailPriority
from core.mail import Recipient, prepare, queue_many, send
from core.mail.claims import BATCH
from core.models import OutgoingMail
from core.tasks import sweep_mails
from tests.celery_worker import celery_worker, drop_waiting_tasks, kill_worker
from tests.mail_server import ACCEPT, mail_server
from tests.mail_sink import Sink
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def write(number: int) -> list[OutgoingMail]:
    with transaction.atomic():
        content = prepare(
            "accounts/account_deleted", language="de", kind=MailKind.INVITATION, context={}
        )
        return queue_many(content, [Recipient(f"guest-{n}@alpha.example") for n in range(number)])


def all_sent() -> bool:
    progress = OutgoingMail.objects.progress()
    return progress["sent"] == progress["total"]


def test_worker_delivers_what_a_transaction_wrote(tmp_path: Path) -> None:
    drop_waiting_tasks()
    with mail_server() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        with celery_worker(tmp_path, EMAIL_URL=url):
            mails = write(250)
            wait_until(all_sent, "250 mails")
    assert sorted(server.recipients) == sorted(mail.to for mail in mails)


def test_killed_worker_loses_nothing_and_repeats_one_mail_at_most(tmp_path: Path) -> None:
    drop_waiting_tasks()

    def slowly(envelope: Any, number: int) -> str:
        sleep(0.01)
        return ACCEPT

    with mail_server(slowly) as server:
        url = f"smtp://127.0.0.1:{server.port}"
        with celery_worker(tmp_path, concurrency=1, EMAIL_URL=url) as worker:
            mails = write(200)
            wait_until(lambda: len(server.raw) >= 60, "60 mails")
            kill_worker(worker)
        progress = OutgoingMail.objects.progress()
        assert 0 < progress["sent"] < 200
        assert progress["sending"] > 0
        with celery_worker(tmp_path, concurrency=1, EMAIL_URL=url):
            wait_until(_swept_and_sent, "the other mails")
    counts = Counter(message["Message-ID"] for message in server.messages)
    assert set(counts) == {f"<{mail.pk}@portal.example>" for mail in mails}
    assert sum(counts.values()) <= 201


def test_sign_in_mail_overtakes_ten_thousand_invitations(tmp_path: Path) -> None:
    drop_waiting_tasks()
    with Sink(tmp_path, log=True, delay=0.0005) as sink:
        url = f"smtp://127.0.0.1:{sink.port}"
        with celery_worker(tmp_path, EMAIL_URL=url) as worker:
            write(10_000)
            wait_until(lambda: sink.count >= 300, "some invitations")
            mail = send(
                "accounts/account_deleted",
                to="urgent@alpha.example",
                language="de",
                kind=MailKind.ACCOUNT,
                priority=MailPriority.ACCOUNT,
                context={},
            )
            ahead = sink.count
            wait_until(lambda: OutgoingMail.objects.get(pk=mail.pk).state == "sent", "it")
            kill_worker(worker)
        recipients = [to for _, to in sink.accepted()]
    # What both processes had claimed goes first, nothing else.
    assert recipients.index("urgent@alpha.example") <= ahead + 2 * BATCH
    assert ahead + 2 * BATCH < 9_000


def _swept_and_sent() -> bool:
    """Do what beat does every minute."""
    sweep_mails()
    return all_sent()
