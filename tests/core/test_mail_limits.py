"""No more mails a minute than the servers want, together and to one host."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from core.choices import MailPriority
from core.mail import claims
from core.mail.claims import SHORTEST_PAUSE
from core.mail.delivery import deliver_due
from core.models import OutgoingMail
from core.tasks import deliver_waiting
from tests.core.test_mail_delivery import queue
from tests.mail_server import mail_server, use_server

pytestmark = pytest.mark.django_db(transaction=True)


def let_a_minute_pass() -> None:
    long_ago = timezone.now() - timedelta(seconds=61)
    OutgoingMail.objects.filter(state="sent").update(sent_at=long_ago)


def sent_to(host: str) -> int:
    return OutgoingMail.objects.filter(state="sent", host=host).count()


def test_a_minute_sees_no_more_mails_than_allowed(settings: Any) -> None:
    settings.MAIL_PER_MINUTE = 5
    queue(8)
    with mail_server() as server:
        use_server(settings, server)
        pause = deliver_due()
        assert pause is not None
        assert SHORTEST_PAUSE <= pause <= 60
        assert deliver_due() is not None
        assert len(server.raw) == 5
        let_a_minute_pass()
        assert deliver_due() is None
        assert len(server.raw) == 8


def test_what_is_claimed_counts_whoever_claims(settings: Any) -> None:
    settings.MAIL_PER_MINUTE = 10
    queue(30)

    def take(_: int) -> int:
        try:
            with claims.claimant() as name:
                return len(claims.claim(name).rows)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as workers:
        assert sum(workers.map(take, range(3))) == 10


def test_limited_host_does_not_hold_up_the_others(settings: Any) -> None:
    settings.MAIL_HOST_PER_MINUTE = 3
    long_ago = timezone.now() - timedelta(hours=1)
    queue(1200, to="many@Slow.example", due_at=long_ago)
    queue(2, to="one@quick.example")
    with mail_server() as server:
        use_server(settings, server)
        pause = deliver_due()
    assert pause is not None
    assert 50 < pause <= 60
    assert (sent_to("slow.example"), sent_to("quick.example")) == (3, 2)


def test_both_limits_hold_together(settings: Any) -> None:
    settings.MAIL_PER_MINUTE, settings.MAIL_HOST_PER_MINUTE = 4, 3
    queue(5, to="a@one.example")
    queue(5, to="a@two.example")
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
        assert len(server.raw) == 4
    assert max(sent_to("one.example"), sent_to("two.example")) <= 3


def test_account_mails_are_never_held_back(settings: Any) -> None:
    settings.MAIL_PER_MINUTE = settings.MAIL_HOST_PER_MINUTE = 2
    queue(5, priority=MailPriority.BULK)
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
        queue(3, to="urgent@alpha.example", priority=MailPriority.ACCOUNT)
        deliver_due()
        assert server.recipients.count("urgent@alpha.example") == 3
        assert len(server.recipients) == 5


def test_minutes_of_hosts_do_not_hold_up_a_free_portal(settings: Any) -> None:
    settings.MAIL_HOST_PER_MINUTE = 2
    queue(2)
    with mail_server() as server:
        use_server(settings, server)
        assert deliver_due() is None


def test_without_limits_a_claim_is_one_statement(django_assert_num_queries: Any) -> None:
    queue(5)
    with django_assert_num_queries(1):
        claims.claim("1@here:1")


def test_held_back_mails_are_looked_at_again_once_for_all_workers(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_PER_MINUTE = 1
    settings.EMAIL_URL, settings.EMAIL_FILE_PATH = "", settings.DATA_DIR / "limited"
    again: list[float] = []
    monkeypatch.setattr(deliver_waiting, "apply_async", lambda countdown: again.append(countdown))
    queue(3)
    for _ in range(3):
        deliver_waiting()
    assert OutgoingMail.objects.progress()["sent"] == 1
    assert len(again) == 1
    assert SHORTEST_PAUSE <= again[0] <= 60
