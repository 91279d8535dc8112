"""Reminders and other mails to a segment: the right people, each once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.choices import MailKind
from core.errors import DomainError
from core.mail.optout import opt_out
from core.models import OutgoingMail
from events.choices import Answer, EventStatus, MailOccasion, QuestionStage, RegistrationState
from events.models import Event, Invitation, Mailing, MailingMail, Question
from events.segments import Segment, addressees
from events.services import cancel_mailing, pause_mails, plan_mailing, run_due_mailings, run_mailing
from events.tasks import run_mailing as run_mailing_task
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.conftest import World
from tests.factories import make_event, make_registration
from tests.mail_server import mail_server
from tests.processes import wait_until

pytestmark = pytest.mark.django_db
SILENT = Segment(("unanswered",))


@pytest.fixture
def event() -> Event:
    return make_event(slug="plenum")


def invite(event: Event, email: str, answer: str = "", **fields: Any) -> Invitation:
    row: Invitation = Invitation.objects.create(
        event=event, email=email, answer=answer, queued_at=timezone.now(), **fields
    )
    return row


def plan(world: World, event: Event, **values: Any) -> Mailing:
    options = {"occasion": "reminder", "segment": SILENT, **values}
    return plan_mailing(user=world.staff, event=event, **options)


def reached(event: Event, *who: str, only: tuple[int, ...] = ()) -> list[str]:
    return sorted(person.email for person in addressees(event, Segment(who, only)))


def test_a_reminder_reaches_the_silent_and_nobody_else(world: World, event: Event) -> None:
    invite(event, "silent@x.example")
    invite(event, "yes@x.example", Answer.YES)
    invite(event, "no@x.example", Answer.NO)
    invite(event, "elsewhere@x.example")
    make_registration(event, email="Elsewhere@x.example")
    Invitation.objects.create(event=event, email="never-mailed@x.example")
    mailing = plan(world, event)
    assert run_mailing(mailing_id=mailing.pk) == 1
    mail = OutgoingMail.objects.select_related("content").get()
    assert (mail.to, mail.content.kind) == ("silent@x.example", MailKind.INVITATION)
    assert "/answer/" in mail.values["answer_url"]


def test_running_twice_writes_once(world: World, event: Event) -> None:
    invite(event, "a@x.example")
    mailing = plan(world, event)
    run_mailing(mailing_id=mailing.pk)
    run_mailing(mailing_id=mailing.pk)
    run_due_mailings()
    assert OutgoingMail.objects.count() == 1


def test_who_answers_before_the_day_is_not_reminded(world: World, event: Event) -> None:
    first, second = invite(event, "a@x.example"), invite(event, "b@x.example")
    mailing = plan(world, event, at=timezone.now() + timedelta(days=1))
    assert run_due_mailings() == 0
    Mailing.objects.update(scheduled_at=timezone.now())
    Invitation.objects.filter(pk=first.pk).update(answer=Answer.NO)
    assert run_due_mailings() == 1
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == [second.email]
    mailing.refresh_from_db()
    assert mailing.started_at is not None


def test_who_answers_while_it_runs_is_not_reminded(world: World, event: Event) -> None:
    row = invite(event, "a@x.example")
    mailing = plan(world, event)
    Mailing.objects.update(started_at=timezone.now())
    MailingMail.objects.create(mailing=mailing, invitation=row, email=row.email)
    Invitation.objects.update(answer=Answer.YES)
    run_due_mailings()
    assert not OutgoingMail.objects.exists()
    assert MailingMail.objects.unwritten().count() == 0


def test_parts_by_answer_and_attendance(event: Event) -> None:
    for answer in Answer.values:
        invite(event, f"{answer}@x.example", answer)
    for state in RegistrationState.values:
        expires = timezone.now() if state == RegistrationState.OFFERED else None
        make_registration(event, email=f"{state}@y.example", state=state, offer_expires_at=expires)
    assert reached(event, "maybe", "no") == ["maybe@x.example", "no@x.example"]
    assert reached(event, "registered") == ["attended@y.example", "registered@y.example"]
    assert reached(event, "attended") == ["attended@y.example"]
    assert reached(event, "missed") == ["registered@y.example"]
    assert reached(event, "waiting") == ["waiting@y.example"]


def test_an_address_in_two_parts_counts_once(event: Event) -> None:
    invite(event, "a@x.example", Answer.MAYBE)
    make_registration(event, email="A@x.example", state=RegistrationState.WAITING)
    assert len(reached(event, "maybe", "waiting")) == 1


def test_ticked_invitations_narrow_a_reminder(event: Event) -> None:
    rows = [invite(event, f"{number}@x.example") for number in range(3)]
    assert reached(event, "unanswered", only=(rows[1].pk,)) == ["1@x.example"]


def test_thanks_carry_the_survey(world: World) -> None:
    event = make_event(timezone.now() - timedelta(hours=1), slug="past")
    Question.objects.create(event=event, stage=QuestionStage.SURVEY, label_de="Wie war es?")
    make_registration(event, email="a@x.example", state=RegistrationState.ATTENDED)
    mailing = plan(world, event, occasion="after", segment=Segment(("attended",)))
    run_mailing(mailing_id=mailing.pk)
    mail = OutgoingMail.objects.select_related("content").get()
    assert mail.values["link_url"].endswith("/survey/")
    assert mail.content.kind == MailKind.EVENT


def test_opted_out_people_get_nothing(world: World, event: Event) -> None:
    invite(event, "a@x.example")
    opt_out(address="a@x.example", kind=MailKind.INVITATION)
    run_mailing(mailing_id=plan(world, event).pk)
    assert not OutgoingMail.objects.exists()


def test_a_paused_event_holds_its_reminders_back(world: World, event: Event) -> None:
    invite(event, "a@x.example")
    pause_mails(user=world.staff, event=event)
    run_mailing(mailing_id=plan(world, event).pk)
    assert OutgoingMail.objects.get().state == "paused"


def test_a_cancelled_event_writes_to_nobody(world: World, event: Event) -> None:
    invite(event, "a@x.example")
    mailing = plan(world, event, at=timezone.now() + timedelta(days=1))
    Mailing.objects.update(scheduled_at=timezone.now())
    Event.objects.update(status=EventStatus.CANCELLED)
    run_mailing(mailing_id=mailing.pk)
    assert not OutgoingMail.objects.exists()
    assert run_due_mailings() == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"segment": Segment(("attended",))}, "invalid"),
        ({"segment": SILENT}, "nobody"),
        ({"occasion": "after", "segment": Segment(("attended",))}, "too_early"),
        ({"at": timezone.now() - timedelta(days=1)}, "invalid"),
        ({"at": timezone.now() + timedelta(days=300)}, "invalid"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    world: World, event: Event, values: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        plan(world, event, **values)
    assert refused.value.code == code
    assert not Mailing.objects.exists()


def test_only_what_has_not_begun_is_taken_back(world: World, event: Event) -> None:
    invite(event, "a@x.example")
    later = plan(world, event, at=timezone.now() + timedelta(days=1))
    cancel_mailing(user=world.staff, mailing=later)
    begun = plan(world, event)
    run_mailing(mailing_id=begun.pk)
    with pytest.raises(DomainError):
        cancel_mailing(user=world.staff, mailing=begun)
    assert list(Mailing.objects.all()) == [begun]


def test_staff_sees_the_number_before_anything_is_sent(world: World, event: Event) -> None:
    desk = Client()
    desk.force_login(world.staff)
    invite(event, "a@x.example")
    create = "/de/events/plenum/mailings/create/"
    assert "(1)" in desk.get(f"{create}?occasion=reminder").content.decode()
    form = {"occasion": "reminder", "who": "unanswered", "when": "now", "at": ""}
    assert "a@x.example" in desk.post(create, form).content.decode()
    assert not Mailing.objects.exists()
    invite(event, "b@x.example")
    changed = desk.post(create, {**form, "confirmed": "1"})
    assert "Nichts wurde gesendet" in changed.content.decode()
    assert not Mailing.objects.exists()
    assert desk.post(create, {**form, "confirmed": "2"}).status_code == 302
    assert Mailing.objects.get().occasion == MailOccasion.REMINDER


def test_a_page_of_mailings_asks_the_same_number_of_questions(world: World, event: Event) -> None:
    desk = Client()
    desk.force_login(world.staff)
    desk.get("/de/events/plenum/mailings/")
    asked = []
    for number in (2, 18):
        for _ in range(number):
            Mailing.objects.create(
                event=event,
                occasion="reminder",
                segment=SILENT.as_dict(),
                scheduled_at=timezone.now(),
                started_at=timezone.now(),
            )
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/de/events/plenum/mailings/").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_brings_a_mailing_to_the_mail_server(world: World, tmp_path: Path) -> None:
    event = make_event(slug="plenum")
    for number in range(5):
        invite(event, f"{number}@x.example", name=f"Gast {number}")
    mailing = plan(world, event)
    drop_waiting_tasks()
    with mail_server() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        with celery_worker(tmp_path, EMAIL_URL=url):
            run_mailing_task.delay(mailing.pk)
            wait_until(lambda: len(server.recipients) >= 5, "the mails")
    assert sorted(server.recipients) == [f"{number}@x.example" for number in range(5)]
