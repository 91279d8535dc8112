"""Documents of an event: added by staff, read by whom they are for."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.choices import AccessLevel, EventStatus
from events.models import Event, SessionDocument
from events.services.documents import DOCUMENTS_MAX
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import make_event, make_registration

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


@pytest.fixture
def event(world: World) -> Event:
    return make_event(timezone.now() - timedelta(days=2), slug="treffen")


@pytest.fixture
def staff(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def upload(client: Client, content: bytes = PDF, **data: Any) -> Any:
    file = SimpleUploadedFile("../../evil name.pdf", content)
    values = {"title": "Folien", "level": "participants", "file": file, **data}
    return client.post(reverse("events:document-list", args=["treffen"]), values)


def stored(event: Event, level: str, **fields: Any) -> SessionDocument:
    file = SimpleUploadedFile("x.pdf", PDF)
    document: SessionDocument = event.documents.create(
        title=f"Datei {level}", file=file, level=level, **fields
    )
    return document


def address(document: SessionDocument) -> str:
    return reverse("events:document", args=[document.event.slug, document.pk])


def test_staff_adds_a_document_to_a_part_of_the_programme(event: Event, staff: Client) -> None:
    part = event.sessions.create(code="a", part="plenary", title_de="Teil A")
    assert upload(staff, session=part.pk).status_code == 302
    document = SessionDocument.objects.get()
    assert document.session == part
    assert document.file.name.startswith("events/")
    assert "evil" not in str(document.file.name)
    response = staff.get(address(document))
    assert b"".join(response.streaming_content) == PDF
    assert 'filename="folien.pdf"' in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("content", [b"<html>", b"%PDF-1.7 /JavaScript"])
def test_what_is_no_harmless_pdf_is_refused(event: Event, staff: Client, content: bytes) -> None:
    response = upload(staff, content)
    assert response.status_code == 422
    assert "PDF" in response.content.decode()
    assert not SessionDocument.objects.exists()


def test_part_of_another_event_is_no_choice(event: Event, staff: Client) -> None:
    other = make_event().sessions.create(code="a", part="plenary", title_de="Fremd")
    assert upload(staff, session=other.pk).status_code == 422


def test_an_event_has_room_for_some_documents_only(event: Event, staff: Client) -> None:
    SessionDocument.objects.bulk_create(
        SessionDocument(event=event, title="x", file="events/x.pdf") for _ in range(DOCUMENTS_MAX)
    )
    assert str(DOCUMENTS_MAX) in upload(staff).content.decode()
    assert SessionDocument.objects.count() == DOCUMENTS_MAX


def test_each_reads_what_their_level_allows(world: World, event: Event, staff: Client) -> None:
    make_registration(event, user=world.member)
    world.member.memberships.all().delete()
    documents = {level: stored(event, level) for level in AccessLevel.values}
    allowed = {
        None: {"public"},
        world.outsider: {"public", "clusters"},
        world.member: {"public", "clusters", "participants"},
        world.staff: set(AccessLevel.values),
    }
    for person, levels in allowed.items():
        client = Client()
        if person:
            client.force_login(person)
        got = {
            level
            for level, document in documents.items()
            if client.get(address(document)).status_code == 200
        }
        assert got == levels
        page = client.get(event.get_absolute_url()).content.decode()
        assert {level for level in AccessLevel.values if f"Datei {level}" in page} == levels


def test_documents_of_hidden_events_are_hidden(world: World, event: Event) -> None:
    document = stored(event, AccessLevel.PUBLIC)
    Event.objects.filter(pk=event.pk).update(status=EventStatus.DRAFT)
    assert Client().get(address(document)).status_code == 404


def test_participant_without_account_reads_by_the_link(world: World, event: Event) -> None:
    open_one = stored(event, AccessLevel.PARTICIPANTS)
    hidden = stored(event, AccessLevel.STAFF)
    foreign = stored(make_event(), AccessLevel.PARTICIPANTS)
    token = make_registration_token(make_registration(event).pk)
    got = [
        Client().get(reverse("events:document-link", args=[token, document.pk])).status_code
        for document in (open_one, hidden, foreign)
    ]
    assert got == [200, 404, 404]


def test_deleting_asks_first_and_takes_the_file_along(
    world: World, event: Event, staff: Client, django_capture_on_commit_callbacks: Any
) -> None:
    document = stored(event, AccessLevel.PUBLIC)
    storage, name = document.file.storage, str(document.file.name)
    url = reverse("events:document-delete", args=["treffen", document.pk])
    assert staff.get(url).status_code == 200
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(url)
    assert not SessionDocument.objects.exists()
    assert not storage.exists(name)


def test_pages_need_the_same_number_of_queries(event: Event, staff: Client) -> None:
    pages = [event.get_absolute_url(), reverse("events:document-list", args=["treffen"])]
    part = event.sessions.create(code="a", part="plenary", title_de="Teil A")
    counted = []
    staff.get(pages[1])
    for number in (2, 20):
        while event.documents.count() < number:
            stored(event, AccessLevel.PUBLIC, session=part)
        with CaptureQueriesContext(connection) as queries:
            for page in pages:
                staff.get(page)
        counted.append(len(queries))
    assert counted[0] == counted[1]
