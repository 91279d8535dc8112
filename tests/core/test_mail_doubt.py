"""Mails that may have arrived twice: one a crash at most, and reported."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection, connections

from core.choices import MailPriority
from core.mail import claims, upkeep
from core.mail.delivery import deliver_due
from core.mail.marks import SentMarks
from core.models import OutgoingMail
from tests.core.test_mail_delivery import make_due, queue, reload
from tests.mail_server import ACCEPT, HANG_UP, mail_server, use_server

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(do: Callable[[], Any]) -> Any:
    """Return what ``do`` returns on a connection of its own; the mail server runs in a loop."""

    def closing() -> Any:
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(closing).result()


def end_other_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def doubtful() -> set[UUID]:
    return set(OutgoingMail.objects.exclude(doubtful_at=None).values_list("pk", flat=True))


def test_the_mail_a_dead_worker_had_under_way_is_reported() -> None:
    queue(150)
    queue(1, priority=MailPriority.ACCOUNT)
    first_unmarked = set()
    for done in (0, 3):
        with claims.claimant() as name:
            rows = claims.claim(name).rows
            for row in rows[:done]:
                OutgoingMail.objects.filter(pk=row.pk).update(state="sent")
            first_unmarked.add(rows[done].pk)
    assert upkeep.recover_claims() == 100 + 51 - 3
    assert doubtful() == first_unmarked
    assert OutgoingMail.objects.progress()["sending"] == 0


def test_living_workers_mails_are_not_doubted() -> None:
    queue(3)
    with claims.claimant() as name:
        claims.claim(name)
        upkeep.recover_claims()
        assert doubtful() == set()


def test_accepted_mail_whose_answer_never_came_goes_again_and_is_reported(settings: Any) -> None:
    mails = queue(5)

    def answer(envelope: Any, number: int) -> str:
        if number == 3:
            server.raw.append(envelope.original_content)
            return HANG_UP
        return ACCEPT

    with mail_server(answer) as server:
        use_server(settings, server)
        deliver_due()
    counts = Counter(message["Message-ID"] for message in server.messages)
    twice = {message_id for message_id, number in counts.items() if number > 1}
    assert {f"<{pk}@portal.example>" for pk in doubtful()} == twice
    assert len(twice) == 1
    assert sum(counts.values()) == len(mails) + 1
    assert OutgoingMail.objects.progress()["sent"] == 5


def test_doubt_is_kept_when_the_server_is_gone_for_good(settings: Any) -> None:
    (mail,) = queue()
    with mail_server(lambda envelope, number: HANG_UP) as server:
        use_server(settings, server)
        deliver_due()
    assert reload(mail).state == "queued"
    assert doubtful() == {mail.pk}
    make_due()
    with mail_server() as server:
        use_server(settings, server)
        deliver_due()
    assert reload(mail).state == "sent"
    assert doubtful() == {mail.pk}


def test_refused_and_broken_off_conversations_are_not_doubted(settings: Any) -> None:
    queue(4)
    with mail_server(refuse=lambda envelope, number: "450 Later") as server:
        use_server(settings, server)
        deliver_due()
    make_due()
    deliver_due()
    assert doubtful() == set()


def test_a_mail_ends_only_after_the_one_before_is_marked(settings: Any) -> None:
    """Otherwise a database that dies could take several marks with it."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END $$;
            CREATE TRIGGER slow_mark BEFORE UPDATE ON core_outgoingmail FOR EACH ROW
            WHEN (NEW.state = 'sent') EXECUTE FUNCTION slowly();
        """)
    marked: list[int] = []

    def answer(envelope: Any, number: int) -> str:
        marked.append(elsewhere(OutgoingMail.objects.filter(state="sent").count))
        return ACCEPT

    try:
        queue(6)
        with mail_server(answer) as server:
            use_server(settings, server)
            deliver_due()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION slowly CASCADE")
    assert marked == [0, 1, 2, 3, 4, 5]
    assert OutgoingMail.objects.progress()["sent"] == 6


def test_claims_and_marks_wait_for_the_disk() -> None:
    """Commits that do not are lost when the database dies; a test server waits for nothing."""
    with claims.claimant() as name, connection.cursor() as cursor:
        marks = SentMarks(name)
        cursor.execute("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
        assert cursor.fetchone()[0] in {"default", "command line"}
        marks.close()


def test_lost_database_ends_the_delivery_with_its_words(settings: Any) -> None:
    queue(5)

    def answer(envelope: Any, number: int) -> str:
        if number == 2:
            elsewhere(end_other_connections)
        return ACCEPT

    with mail_server(answer) as server:
        use_server(settings, server)
        with pytest.raises(OperationalError, match="terminat"):
            deliver_due()
        connection.close()
        upkeep.recover_claims()
        deliver_due()
    counts = Counter(message["Message-ID"] for message in server.messages)
    assert len(counts) == 5
    assert sum(counts.values()) == 6
    assert {f"<{pk}@portal.example>" for pk in doubtful()} == {
        message_id for message_id, number in counts.items() if number > 1
    }
