"""Reminders and news: to whom they should go, when they should, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.choices import MailKind, MailState
from core.errors import DomainError
from core.mail.optout import opt_out
from core.models import AddressState, OutgoingMail
from events.choices import Answer, EventStatus, RegistrationState
from events.models import Event, Invitation, Mailing, MailingMail
from events.segments import DEFAULTS, Segment, count_unanswered
from events.services import (
    begin_mailing,
    pause_mails,
    plan_mailing,
    preview_mailing,
    resume_mails,
    send_due_mailings,
    write_mailing,
)
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.conftest import World
from tests.factories import make_event, make_field, make_registration, make_user
from tests.mail_server import mail_server, part
from tests.processes import wait_until

REMINDER = Segment(**DEFAULTS["reminder"])  # type: ignore[arg-type]
BEFORE = Segment(**DEFAULTS["before"])  # type: ignore[arg-type]
AFTER = Segment(**DEFAULTS["after"])  # type: ignore[arg-type]


@pytest.fixture
def event(world: World) -> Event:
    return make_event(slug="plenum")


@pytest.fixture
def staff_client(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def guest(event: Event, name: str, answer: str = "", **fields: object) -> Invitation:
    values = {"queued_at": timezone.now(), "answer": answer, **fields}
    if answer:
        values["answered_at"] = timezone.now()
    invitation: Invitation = Invitation.objects.create(
        event=event, email=f"{name}@x.example", **values
    )
    return invitation


def reached(event: Event, occasion: str, segment: Segment) -> set[str]:
    members = preview_mailing(event, occasion, segment).members
    return {member.email.partition("@")[0] for member in members}


def over(event: Event) -> None:
    start = timezone.now() - timedelta(days=2)
    event.starts_at, event.ends_at = start, start + timedelta(hours=2)
    event.save()


def test_reminder_reaches_only_those_who_have_not_answered(event: Event) -> None:
    guest(event, "silent")
    guest(event, "yes", Answer.YES)
    guest(event, "maybe", Answer.MAYBE)
    guest(event, "unwritten", queued_at=None)
    guest(event, "example", is_example=True)
    guest(event, "registered")
    make_registration(event, email="Registered@x.example")
    assert reached(event, "reminder", REMINDER) == {"silent"}
    assert reached(event, "reminder", Segment(answers=("none", "maybe"))) == {"silent", "maybe"}
    assert count_unanswered(event) == 1


def test_before_never_reaches_who_declined_or_withdrew(event: Event) -> None:
    make_registration(event, email="comes@x.example")
    make_registration(event, email="gone@x.example", state=RegistrationState.CANCELLED)
    make_registration(event, email="waits@x.example", state=RegistrationState.WAITING)
    guest(event, "no", Answer.NO)
    guest(event, "maybe", Answer.MAYBE)
    assert reached(event, "before", BEFORE) == {"comes"}
    everybody = {"comes", "waits", "maybe"}
    assert reached(event, "before", Segment()) == everybody


def test_after_tells_who_was_there_from_who_was_not(event: Event) -> None:
    make_registration(event, email="there@x.example", state=RegistrationState.ATTENDED)
    make_registration(event, email="checked@x.example", checked_in_at=timezone.now())
    make_registration(event, email="missed@x.example")
    assert reached(event, "after", AFTER) == {"there", "checked"}
    assert reached(event, "after", Segment(presence=("missed",))) == {"missed"}


def test_sorts_narrow_by_field_and_by_tick(world: World, event: Event) -> None:
    field = make_field()
    world.alpha.innovation_fields.add(field)
    one = guest(event, "alpha", cluster=world.alpha)
    guest(event, "beta", cluster=world.beta)
    assert reached(event, "reminder", Segment(("none",), fields=(field.code,))) == {"alpha"}
    assert reached(event, "reminder", Segment(invitations=(one.pk,))) == {"alpha"}


def test_opt_out_is_honoured_per_kind_and_blocked_addresses_are_left_out(event: Event) -> None:
    for name in ("a", "b", "c"):
        guest(event, name)
        make_registration(event, email=f"{name}{name}@x.example")
    opt_out(address="a@x.example", kind=MailKind.INVITATION)
    opt_out(address="bb@x.example", kind=MailKind.EVENT)
    AddressState.objects.create(address="c@x.example", is_blocked=True, status="5.1.1")
    assert reached(event, "reminder", REMINDER) == {"b"}
    assert reached(event, "before", BEFORE) == {"aa", "cc"}
    chosen = preview_mailing(event, "reminder", REMINDER)
    assert (chosen.opted_out, chosen.blocked) == (1, 1)


def test_each_gets_one_mail_however_often_tasks_run(world: World, event: Event) -> None:
    for number in range(5):
        guest(event, f"g{number}", language="en" if number % 2 else "de")
    mailing = plan_mailing(
        user=world.staff, event=event, occasion="reminder", segment=REMINDER, expected=5
    )
    assert begin_mailing(mailing_id=mailing.pk) == 5
    assert begin_mailing(mailing_id=mailing.pk) == 0
    assert write_mailing(mailing_id=mailing.pk) == 5
    assert write_mailing(mailing_id=mailing.pk) == 0
    assert send_due_mailings() == 0
    assert OutgoingMail.objects.count() == 5
    for mail in OutgoingMail.objects.select_related("content"):
        assert f"/{mail.content.language}/answer/" in mail.values["answer_url"]


def test_planned_mailing_waits_for_its_time_and_asks_anew_who_is_meant(
    world: World, event: Event
) -> None:
    guest(event, "a")
    late = guest(event, "b")
    mailing = plan_mailing(
        user=world.staff,
        event=event,
        occasion="reminder",
        segment=REMINDER,
        scheduled_at=timezone.now() + timedelta(hours=1),
    )
    assert send_due_mailings() == 0
    Invitation.objects.filter(pk=late.pk).update(answer=Answer.NO)
    Mailing.objects.filter(pk=mailing.pk).update(scheduled_at=timezone.now())
    assert send_due_mailings() == 1
    assert OutgoingMail.objects.get().to == "a@x.example"


def test_who_answers_while_a_reminder_is_paused_does_not_get_it(world: World, event: Event) -> None:
    guest(event, "a")
    late = guest(event, "b")
    pause_mails(user=world.staff, event=event)
    plan_mailing(user=world.staff, event=event, occasion="reminder", segment=REMINDER)
    send_due_mailings()
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.PAUSED}
    Invitation.objects.filter(pk=late.pk).update(answer=Answer.YES)
    assert resume_mails(user=world.staff, event=event) == 1
    assert OutgoingMail.objects.get().to == "a@x.example"
    assert MailingMail.objects.get().email == "a@x.example"


def test_cancelled_event_sends_no_planned_mailing(world: World, event: Event) -> None:
    guest(event, "a")
    plan_mailing(user=world.staff, event=event, occasion="reminder", segment=REMINDER)
    Event.objects.update(status=EventStatus.CANCELLED)
    assert send_due_mailings() == 0
    assert OutgoingMail.objects.count() == 0


def test_thanks_wait_for_the_end_of_an_event_that_was_moved(world: World, event: Event) -> None:
    over(event)
    make_registration(event, email="a@x.example", state=RegistrationState.ATTENDED)
    mailing = plan_mailing(user=world.staff, event=event, occasion="after", segment=AFTER)
    event.ends_at = timezone.now() + timedelta(days=1)
    event.save()
    assert send_due_mailings() == 0
    over(event)
    assert send_due_mailings() == 1
    mailing.refresh_from_db()
    assert mailing.started_at is not None


@pytest.mark.parametrize(
    ("occasion", "days", "code"),
    [("reminder", 30, "too_late"), ("after", 1, "too_early")],
)
def test_moment_must_make_sense(
    world: World, event: Event, occasion: str, days: int, code: str
) -> None:
    guest(event, "a")
    with pytest.raises(DomainError) as refused:
        plan_mailing(
            user=world.staff,
            event=event,
            occasion=occasion,
            segment=Segment(),
            scheduled_at=timezone.now() + timedelta(days=days),
        )
    assert refused.value.code == code


def test_number_is_shown_confirmed_and_checked_again(event: Event, staff_client: Client) -> None:
    for name in ("a", "b"):
        guest(event, name)
    url = "/de/events/plenum/mailings/new/"
    assert staff_client.get(f"{url}?occasion=reminder").status_code == 200
    assert staff_client.get(f"{url}?occasion=invitation").status_code == 404
    data = {"occasion": "reminder", "answers": ["none"]}
    page = staff_client.post(url, {**data, "preview": "1"}).content.decode()
    assert 'name="confirmed" value="2"' in page
    assert Mailing.objects.count() == 0
    guest(event, "c")
    changed = staff_client.post(url, {**data, "send": "1", "confirmed": "2"})
    assert changed.status_code == 422
    assert 'name="confirmed" value="3"' in changed.content.decode()
    sent = staff_client.post(url, {**data, "send": "1", "confirmed": "3"})
    assert sent.status_code == 302
    send_due_mailings()
    text = staff_client.get(sent["Location"]).content.decode()
    assert "c@x.example" in text


def test_ticked_invitations_are_reminded_alone(event: Event, staff_client: Client) -> None:
    ticked, _other = guest(event, "a"), guest(event, "b")
    url = "/de/events/plenum/invitations/resend/"
    way = staff_client.post(url, {"only": [ticked.pk], "remind": "1"})["Location"]
    page = staff_client.get(way).content.decode()
    assert f'name="only" value="{ticked.pk}"' in page
    data = {"occasion": "reminder", "only": [ticked.pk], "answers": ["none"], "preview": "1"}
    page = staff_client.post("/de/events/plenum/mailings/new/", data).content.decode()
    assert 'name="confirmed" value="1"' in page


def test_planned_mailing_can_be_called_off_until_it_begins(
    world: World, event: Event, staff_client: Client
) -> None:
    guest(event, "a")
    mailing = plan_mailing(user=world.staff, event=event, occasion="reminder", segment=REMINDER)
    url = f"/de/events/plenum/mailings/{mailing.pk}/cancel/"
    assert staff_client.get(url).status_code == 200
    assert Mailing.objects.count() == 1
    staff_client.post(url)
    assert Mailing.objects.count() == 0
    begun = plan_mailing(user=world.staff, event=event, occasion="reminder", segment=REMINDER)
    send_due_mailings()
    staff_client.post(f"/de/events/plenum/mailings/{begun.pk}/cancel/")
    assert Mailing.objects.count() == 1


def test_event_page_suggests_a_reminder_to_staff_only(
    world: World, event: Event, staff_client: Client
) -> None:
    guest(event, "a")
    assert "noch nicht geantwortet" in staff_client.get("/de/events/plenum/").content.decode()
    assert "noch nicht geantwortet" not in Client().get("/de/events/plenum/").content.decode()
    assert (
        "noch nicht geantwortet" in staff_client.get("/de/events/plenum/mailings/").content.decode()
    )
    over(event)
    assert "noch nicht geantwortet" not in staff_client.get("/de/events/plenum/").content.decode()


def test_pages_and_writing_cost_the_same_for_two_and_twenty(
    world: World, staff_client: Client
) -> None:
    def cost(number: int) -> list[int]:
        event = make_event()
        for index in range(number):
            guest(event, f"g{index}", cluster=world.alpha)
        mailing = plan_mailing(user=world.staff, event=event, occasion="reminder", segment=REMINDER)
        begin_mailing(mailing_id=mailing.pk)
        with CaptureQueriesContext(connection) as writing:
            assert write_mailing(mailing_id=mailing.pk) == number
        found = [len(writing)]
        for page in ("mailings/", f"mailings/{mailing.pk}/", "mailings/new/?occasion=reminder"):
            with CaptureQueriesContext(connection) as queries:
                assert staff_client.get(f"/de/events/{event.slug}/{page}").status_code == 200
            found.append(len(queries))
        return found

    staff_client.get("/de/events/manage/")
    assert cost(2) == cost(20)


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_begin_at_once_write_to_nobody_twice() -> None:
    event = make_event()
    for number in range(20):
        guest(event, f"g{number}")
    mailing = plan_mailing(
        user=make_user(is_staff=True), event=event, occasion="reminder", segment=REMINDER
    )
    start = Barrier(2)

    def work(_number: int) -> None:
        try:
            start.wait(10)
            begin_mailing(mailing_id=mailing.pk)
            write_mailing(mailing_id=mailing.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    send_due_mailings()
    assert OutgoingMail.objects.count() == 20
    assert OutgoingMail.objects.values("to").distinct().count() == 20


@pytest.mark.django_db(transaction=True)
def test_reminder_arrives_and_is_answered_from_the_mail(world: World, tmp_path: Path) -> None:
    drop_waiting_tasks()
    event = make_event(slug="plenum", title_de="Plenum", title_en="Plenary")
    for number in range(30):
        guest(event, f"g{number}", language="en" if number % 2 else "de")
    staff = Client()
    staff.force_login(world.staff)
    data = {"occasion": "reminder", "answers": ["none"], "send": "1", "confirmed": "30"}
    with mail_server() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        with celery_worker(tmp_path, EMAIL_URL=url):
            sent = staff.post("/de/events/plenum/mailings/new/", data)
            assert sent.status_code == 302
            mailing = Mailing.objects.get()
            wait_until(lambda: mailing.mails.totals()["sent"] == 30, "thirty reminders", 60)
    assert sorted(server.recipients) == sorted(f"g{n}@x.example" for n in range(30))
    mail = next(m for m in server.messages if m["To"] == "g1@x.example")
    assert mail["Subject"].startswith("Will you come? Plenary")
    assert "List-Unsubscribe=One-Click" in mail["List-Unsubscribe-Post"]
    text = part(mail, "text/plain").replace("\r\n", "\n")
    link = next(line for line in text.split("\n") if line.endswith("?a=no"))
    path = link[link.index("/en/answer/") :]
    person = Client()
    assert person.get(path).status_code == 200
    assert person.post(path, {"answer": "no"}).status_code == 302
    assert Invitation.objects.get(email="g1@x.example").answer == Answer.NO
