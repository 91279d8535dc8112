"""Inviting: previewed, confirmed, once, and visible while it happens."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
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
from events.models import Event, Invitation
from events.services import invite, send_failed_again, write_mails
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


def test_nothing_is_sent_before_the_number_shown_is_confirmed(
    event: Event, staff_client: Client
) -> None:
    url = "/de/events/plenum/invite/"
    data = form(addresses="a@x.example\nb@x.example\nb@x.example\nnobody")
    preview = staff_client.post(url, {**data, "preview": "1"})
    assert preview.status_code == 200
    assert 'name="confirmed" value="2"' in preview.content.decode()
    assert Invitation.objects.count() == 0
    wrong = staff_client.post(url, {**data, "send": "1", "confirmed": "3"})
    assert wrong.status_code == 200
    assert Invitation.objects.count() == 0
    right = staff_client.post(url, {**data, "send": "1", "confirmed": "2"})
    assert right.status_code == 302
    assert Invitation.objects.count() == 2


def test_preview_keeps_everything_for_the_confirmation(
    world: World, event: Event, staff_client: Client
) -> None:
    data = form(clusters=["alpha", "beta"], addresses="\nx@x.example <b>\ny@y.example")
    text = staff_client.post("/de/events/plenum/invite/", {**data, "preview": "1"}).content.decode()
    assert text.count('name="clusters"') == 2
    assert "x@x.example &lt;b&gt;" in text
    assert 'value="3"' in text


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
