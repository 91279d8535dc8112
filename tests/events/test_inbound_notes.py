"""Staff sees which mails nobody understood, and says which have been dealt with."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import InboundNote
from tests.conftest import World

PAGE = "/de/events/inbound-notes/"


def make_note(number: int, **fields: object) -> InboundNote:
    note: InboundNote = InboundNote.objects.create(
        mailbox_key=f"1:{number}",
        sender=f"guest-{number}@alpha.example",
        subject=f"Frage {number} <script>",
        reason="Grund",
        received_at=timezone.now(),
        **fields,
    )
    return note


def test_staff_lists_notes_marks_them_and_takes_it_back(world: World, client: Client) -> None:
    note = make_note(1)
    client.force_login(world.staff)
    text = client.get(PAGE).content.decode()
    assert "Frage 1 &lt;script&gt;" in text
    assert "guest-1@alpha.example" in text
    client.post(f"{PAGE}{note.pk}/done/", {"done": "1"})
    assert "guest-1@" not in client.get(PAGE).content.decode()
    assert "guest-1@" in client.get(f"{PAGE}?show=done").content.decode()
    client.post(f"{PAGE}{note.pk}/done/", {"done": "0"})
    assert "guest-1@" in client.get(PAGE).content.decode()


def test_notes_do_not_exist_for_others(world: World, client: Client) -> None:
    note = make_note(1)
    client.force_login(world.manager)
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}{note.pk}/done/").status_code == 404
    assert InboundNote.objects.get().done_at is None


def test_notes_take_the_same_number_of_queries_and_come_in_pages(
    world: World, client: Client
) -> None:
    client.force_login(world.staff)
    client.get(PAGE)
    counts = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            make_note(number)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    for number in range(20, 60):
        make_note(number)
    assert "guest-0@" not in client.get(PAGE).content.decode()
    assert "guest-0@" in client.get(f"{PAGE}?page=2").content.decode()
