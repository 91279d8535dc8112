"""Inviting: previewed, confirmed, once, and visible while it happens."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.choices import MailKind, MailState
from core.errors import DomainError
from core.mail.optout import opt_out
from core.models import MailContent, OutgoingMail
from events.audience import Audience
from events.choices import Answer, EventStatus
from events.models import Event, Invitation, SavedAudience
from events.services import invite, pause_mails, resume_mails, send_failed_again, write_mails
from tests.conftest import World
from tests.factories import make_event, make_user

THREE = Audience(addresses="a@x.example\nb@x.example\nc@x.example")


@pytest.fixture
def event(world: World) -> Event:
    return make_event(slug="plenum")


@pytest.fixture
def staff_client(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def form(**values: object) -> dict[str, object]:
    return {"people": "managers", "language": "de", "addresses": "", **values}


@pytest.mark.parametrize("page", ["invite/", "invitations/", "edit/", "cancel/", "publish/"])
def test_only_staff_reaches_the_pages_of_invitations(world: World, event: Event, page: str) -> None:
    url = f"/de/events/plenum/{page}"
    assert Client().get(url).status_code == 302
    for person in (world.manager, world.member, world.outsider):
        client = Client()
        client.force_login(person)
        assert client.get(url).status_code == 403
        Event.objects.update(status=EventStatus.DRAFT)
        assert client.get(url).status_code == 404
        Event.objects.update(status=EventStatus.PUBLISHED)


URL = "/de/events/plenum/invite/"


def preview_of(client: Client, data: dict[str, object]) -> str:
    """Choose an audience and return the address of its preview."""
    answer = client.post(URL, {**data, "preview": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_nothing_is_sent_before_the_number_shown_is_confirmed(
    event: Event, staff_client: Client
) -> None:
    data = form(addresses="a@x.example\nb@x.example\nb@x.example\nnobody")
    url = preview_of(staff_client, data)
    preview = staff_client.get(url)
    assert 'name="confirmed" value="2"' in preview.content.decode()
    assert Invitation.objects.count() == 0
    wrong = staff_client.post(url, {"send": "1", "confirmed": "3"})
    assert wrong.status_code == 409
    assert Invitation.objects.count() == 0
    right = staff_client.post(url, {"send": "1", "confirmed": "2"})
    assert right.status_code == 302
    assert Invitation.objects.count() == 2


def test_choice_survives_from_the_form_to_the_confirmation_and_back(
    world: World, event: Event, staff_client: Client
) -> None:
    data = form(clusters=["alpha", "beta"], addresses="\nx@x.example <b>\ny@y.example")
    url = preview_of(staff_client, data)
    text = staff_client.get(url).content.decode()
    assert "x@x.example &lt;b&gt;" in text
    assert 'value="3"' in text
    draft = url.rstrip("/").rpartition("/")[2]
    again = staff_client.get(f"{URL}?draft={draft}").content.decode()
    assert "y@y.example" in again
    assert re.search(r'value="alpha"[^>]*checked', again)


def test_uploaded_list_is_read_once_and_kept_for_the_confirmation(
    event: Event, staff_client: Client
) -> None:
    file = SimpleUploadedFile("Gäste.csv", "E-Mail;Name\nA@x.example;Ä B\nnix;C\n".encode())
    url = preview_of(staff_client, {**form(), "upload": file})
    page = staff_client.get(url).content.decode()
    assert "Ä B" in page
    assert '<td class="cd-number">3</td>' in page
    draft = url.rstrip("/").rpartition("/")[2]
    more = preview_of(staff_client, form(addresses="b@x.example", draft=draft))
    assert staff_client.post(more, {"send": "1", "confirmed": "2"}).status_code == 302
    assert set(Invitation.objects.values_list("email", "name")) == {
        ("A@x.example", "Ä B"),
        ("b@x.example", ""),
    }
    assert staff_client.get(more).status_code == 302, "what was sent is not kept any longer"


def test_uploaded_list_survives_a_mistake_elsewhere(event: Event, staff_client: Client) -> None:
    file = SimpleUploadedFile("guests.csv", b"a@x.example\nb@x.example")
    refused = staff_client.post(URL, {**form(event_groups=["attended"]), "upload": file})
    assert refused.status_code == 422
    draft = re.search(r'name="draft" value="([^"]+)"', refused.content.decode())
    assert draft is not None
    url = preview_of(staff_client, form(draft=draft[1]))
    assert 'value="2"' in staff_client.get(url).content.decode()


def test_choices_are_seen_by_nobody_else(world: World, event: Event, staff_client: Client) -> None:
    url = preview_of(staff_client, form(addresses="a@x.example"))
    other = Client()
    other.force_login(make_user(is_staff=True))
    assert other.get(url).status_code == 302
    assert other.post(url, {"send": "1", "confirmed": "1"}).status_code == 302
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "nicht lesen"),
        ("a.csv", b"", "leer"),
        ("a.csv", b";;\n;;\n", "keine E-Mail-Adresse"),
        ("a.csv", b"a@x.example\n" * 50_001, "50.000|50000"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
        ("a.bin", bytes(range(256)) * 4, "nicht lesen"),
    ],
)
def test_file_that_cannot_be_used_is_refused_in_words(
    event: Event, staff_client: Client, name: str, content: bytes, words: str
) -> None:
    file = SimpleUploadedFile(name, content)
    answer = staff_client.post(URL, {**form(addresses="kept@x.example"), "upload": file})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert re.search(words, text) or content == b""
    assert "kept@x.example" in text, "nothing that was entered is lost"


def test_fifty_thousand_recipients_are_previewed_on_pages(
    event: Event, staff_client: Client
) -> None:
    rows = "".join(f"guest-{n}@x.example\n" for n in range(50_000))
    file = SimpleUploadedFile("guests.csv", rows.encode())
    page = staff_client.get(preview_of(staff_client, {**form(), "upload": file})).content
    assert b'value="50000"' in page
    assert len(page) < 100_000


def test_audience_is_saved_used_replaced_and_deleted(
    world: World, event: Event, staff_client: Client
) -> None:
    url = preview_of(staff_client, form(clusters=["alpha"], addresses="secret@x.example"))
    assert staff_client.post(f"{url}save/", {"name": " Alle "}).status_code == 302
    saved = SavedAudience.objects.get()
    assert saved.name == "Alle"
    assert "secret" not in str(saved.choice)
    taken = staff_client.post(f"{url}save/", {"name": "alle"})
    assert taken.status_code == 200
    assert SavedAudience.objects.count() == 1
    other = preview_of(staff_client, form(clusters=["beta"]))
    staff_client.post(f"{other}save/", {"name": "alle", "overwrite": "on"})
    page = staff_client.get(f"{URL}?saved={saved.pk}").content.decode()
    assert re.search(r'value="beta"[^>]*checked', page)
    assert not re.search(r'value="alpha"[^>]*checked', page)
    delete = f"/de/events/plenum/audiences/{saved.pk}/delete/"
    assert staff_client.get(delete).status_code == 200
    assert SavedAudience.objects.count() == 1
    staff_client.post(delete)
    assert SavedAudience.objects.count() == 0


def test_list_of_addresses_alone_is_not_saved(event: Event, staff_client: Client) -> None:
    url = preview_of(staff_client, form(addresses="secret@x.example"))
    assert staff_client.post(f"{url}save/", {"name": "Alle"}).status_code == 200
    assert SavedAudience.objects.count() == 0


def test_empty_choice_is_refused_in_words(event: Event, staff_client: Client) -> None:
    response = staff_client.post("/de/events/plenum/invite/", form(preview="1"))
    assert response.status_code == 422


def test_same_audience_twice_invites_nobody_twice(world: World, event: Event) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    assert write_mails(event_id=event.pk) == 3
    again = invite(user=world.staff, event=event, audience=THREE)
    assert (len(again.recipients), len(again.already_invited)) == (0, 3)
    assert write_mails(event_id=event.pk) == 0
    assert OutgoingMail.objects.count() == Invitation.objects.count() == 3


def test_mails_are_rendered_once_a_language(world: World, event: Event) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    english = Audience(addresses="d@x.example", language="en")
    invite(user=world.staff, event=event, audience=english)
    write_mails(event_id=event.pk)
    contents = MailContent.objects.filter(name="events/invitation")
    assert sorted(contents.values_list("language", flat=True)) == ["de", "en"]
    for invitation in Invitation.objects.select_related("mail__content"):
        assert invitation.mail is not None
        assert invitation.mail.content.language == invitation.language
        assert f"/{invitation.language}/answer/" in invitation.mail.values["answer_url"]


def test_whoever_opts_out_after_the_preview_is_not_invited(world: World, event: Event) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    opt_out(address="b@x.example", kind=MailKind.INVITATION)
    write_mails(event_id=event.pk)
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {"a@x.example", "c@x.example"}
    assert not Invitation.objects.filter(email="b@x.example").exists()


def test_examples_are_never_mailed(event: Event) -> None:
    Invitation.objects.create(event=event, email="example@x.example", is_example=True)
    assert write_mails(event_id=event.pk) == 0
    assert OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED])
def test_nobody_is_invited_to_what_is_not_published(
    world: World, event: Event, status: str
) -> None:
    Event.objects.update(status=status)
    with pytest.raises(DomainError):
        invite(user=world.staff, event=event, audience=THREE)
    assert Invitation.objects.count() == 0


def test_progress_counts_mails_and_answers(
    world: World, event: Event, staff_client: Client
) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    invite(user=world.staff, event=event, audience=Audience(addresses="d@x.example"))
    write_mails(event_id=event.pk)
    OutgoingMail.objects.filter(to="a@x.example").update(
        state=MailState.SENT, sent_at=timezone.now()
    )
    OutgoingMail.objects.filter(to="b@x.example").update(
        state=MailState.FAILED, error="550 no such user"
    )
    OutgoingMail.objects.filter(to="c@x.example").update(state=MailState.SENDING)
    Invitation.objects.filter(email="a@x.example").update(
        answer=Answer.YES, answered_at=timezone.now()
    )
    assert event.invitations.totals() == {
        "total": 4,
        "queued": 1,
        "paused": 0,
        "sending": 1,
        "sent": 1,
        "failed": 1,
        "yes": 1,
        "no": 0,
        "maybe": 0,
        "colleague": 0,
        "pending": 2,
        "answered": 1,
        "bounced": 0,
        "doubtful": 0,
    }
    text = staff_client.get("/de/events/plenum/invitations/").content.decode()
    assert "550 no such user" in text
    assert 'hx-trigger="every 2s"' in text
    failed = staff_client.get("/de/events/plenum/invitations/?delivery=failed").content.decode()
    assert "b@x.example" in failed
    assert "a@x.example" not in failed
    open_ = staff_client.get("/de/events/plenum/invitations/?answer=none&q=d@").content.decode()
    assert "d@x.example" in open_
    assert "c@x.example" not in open_


def test_page_stops_asking_when_nothing_can_change(
    world: World, event: Event, staff_client: Client
) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    write_mails(event_id=event.pk)
    url = "/de/events/plenum/invitations/"
    htmx = {"hx-request": "true"}
    waiting = staff_client.get(url, headers=htmx).content.decode()
    assert "<html" not in waiting
    assert 'hx-trigger="every 2s"' in waiting
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=timezone.now())
    assert 'hx-trigger="every 15s"' in staff_client.get(url, headers=htmx).content.decode()
    Invitation.objects.update(answer=Answer.NO, answered_at=timezone.now())
    assert "hx-trigger" not in staff_client.get(url, headers=htmx).content.decode()


def test_only_failed_mails_are_sent_again(world: World, event: Event) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    write_mails(event_id=event.pk)
    OutgoingMail.objects.update(state=MailState.SENT)
    OutgoingMail.objects.filter(to="b@x.example").update(state=MailState.FAILED, error="451")
    assert send_failed_again(user=world.staff, event=event) == 1
    assert set(OutgoingMail.objects.values_list("to", "state")) == {
        ("a@x.example", "sent"),
        ("b@x.example", "queued"),
        ("c@x.example", "sent"),
    }


def test_only_ticked_ones_are_sent_again(world: World, event: Event, staff_client: Client) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    write_mails(event_id=event.pk)
    OutgoingMail.objects.update(state=MailState.FAILED, error="451")
    ticked = Invitation.objects.get(email="b@x.example").pk
    staff_client.post("/de/events/plenum/invitations/resend/", {"ticked": "1", "only": [ticked]})
    assert OutgoingMail.objects.get(state=MailState.QUEUED).to == "b@x.example"


def test_paused_invitations_wait_also_those_written_later(
    world: World, event: Event, staff_client: Client
) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    write_mails(event_id=event.pk)
    OutgoingMail.objects.filter(to="a@x.example").update(state=MailState.SENT)
    staff_client.post("/de/events/plenum/invitations/pause/")
    invite(user=world.staff, event=event, audience=Audience(addresses="d@x.example"))
    write_mails(event_id=event.pk)
    totals = event.invitations.totals()
    assert (totals["sent"], totals["paused"], totals["queued"]) == (1, 3, 0)
    page = staff_client.get("/de/events/plenum/invitations/").content.decode()
    assert 'id="resume"' in page
    staff_client.post("/de/events/plenum/invitations/resume/")
    totals = event.invitations.totals()
    assert (totals["sent"], totals["paused"], totals["queued"]) == (1, 0, 3)
    assert pause_mails(user=world.staff, event=event) == 3
    assert pause_mails(user=world.staff, event=event) == 0
    assert resume_mails(user=world.staff, event=event) == 3


def test_what_came_back_and_what_may_have_come_twice_is_shown(
    world: World, event: Event, staff_client: Client
) -> None:
    invite(user=world.staff, event=event, audience=THREE)
    write_mails(event_id=event.pk)
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=timezone.now())
    back = OutgoingMail.objects.filter(to="a@x.example")
    back.update(bounced_at=timezone.now(), error="5.1.1 unknown")
    OutgoingMail.objects.filter(to="b@x.example").update(doubtful_at=timezone.now())
    totals = event.invitations.totals()
    assert (totals["bounced"], totals["doubtful"], totals["sent"]) == (1, 1, 3)
    url = "/de/events/plenum/invitations/"
    page = staff_client.get(f"{url}?delivery=bounced").content.decode()
    assert "5.1.1 unknown" in page
    assert "b@x.example" not in page
    page = staff_client.get(f"{url}?delivery=doubtful").content.decode()
    assert "b@x.example" in page
    assert "a@x.example" not in page


def test_invitations_are_handed_out_as_a_table(
    world: World, event: Event, staff_client: Client
) -> None:
    audience = Audience(addresses="=cmd() <a@x.example>\nb@x.example")
    invite(user=world.staff, event=event, audience=audience)
    Invitation.objects.filter(email="b@x.example").update(
        answer=Answer.YES, answered_at=timezone.now()
    )
    url = "/de/events/plenum/invitations/table/"
    text = b"".join(staff_client.get(url)).decode()
    assert "a@x.example;'=cmd()" in text
    chosen = b"".join(staff_client.get(f"{url}?answer=none")).decode()
    assert "b@x.example" not in chosen
    assert "a@x.example" in chosen


def test_writing_mails_costs_the_same_queries_for_two_and_twenty(world: World) -> None:
    def cost(number: int) -> int:
        event = make_event()
        addresses = "\n".join(f"guest-{n}@x.example" for n in range(number))
        invite(user=world.staff, event=event, audience=Audience(addresses=addresses))
        with CaptureQueriesContext(connection) as queries:
            assert write_mails(event_id=event.pk) == number
        return len(queries)

    assert cost(2) == cost(20)


def test_progress_page_costs_the_same_for_two_and_twenty(
    world: World, staff_client: Client
) -> None:
    def cost(slug: str, count: int) -> int:
        event = make_event(slug=slug)
        addresses = "\n".join(f"guest-{n}@x.example" for n in range(count))
        invite(user=world.staff, event=event, audience=Audience(addresses=addresses))
        write_mails(event_id=event.pk)
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(f"/de/events/{slug}/invitations/").status_code == 200
        return len(queries)

    staff_client.get("/de/events/manage/")
    assert cost("few", 2) == cost("many", 20)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_once_invite_nobody_twice() -> None:
    staff = [make_user(is_staff=True), make_user(is_staff=True)]
    event = make_event()
    start = Barrier(2)

    def confirm(user: User) -> int:
        try:
            start.wait(10)
            return len(invite(user=user, event=event, audience=THREE).recipients)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        invited = list(pool.map(confirm, staff))
    assert sorted(invited) == [0, 3]
    assert Invitation.objects.count() == 3
