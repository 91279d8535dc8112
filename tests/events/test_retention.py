"""Personal data of events end: nothing of a person is left anywhere, every figure is."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.choices import MailKind, MailState
from core.mail import Recipient
from core.models import AddressState, InboundNote, OutgoingMail
from events import dates, mails, services, statistics
from events.choices import DatePrecision, MailOccasion, QuestionKind, QuestionStage
from events.mails.shared import about
from events.models import (
    CheckInMark,
    Event,
    Invitation,
    Mailing,
    MailingMail,
    QuestionAnswer,
    Registration,
    RetentionRecord,
    SurveyResponse,
)
from events.services.retention import due_for_removal
from events.services.survey import response_key
from events.survey import results
from events.tokens import make_registration_token, registration_url
from tests.conftest import World
from tests.factories import (
    make_event,
    make_minutes_item,
    make_question,
    make_registration,
)

ADDRESS = "Somebody.Special@guests.example"
NAME = "Somebody Special"
# What only this person wrote.
WORDS = "violet elephants"


def places_with(needle: str) -> set[str]:
    """Search every column of every table for a text, whatever its case."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s)',
                [f"%{needle}%"],
            )
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    return found


@pytest.fixture
def event(world: World) -> Event:
    start = timezone.now() - timedelta(days=400)
    return make_event(start, slug="treffen", retention_months=12)


def furnish(event: Event, world: World) -> Registration:
    """Let one person without account do everything an event offers."""
    invitation = Invitation.objects.create(
        event=event,
        email=ADDRESS,
        name=NAME,
        cluster=world.alpha,
        queued_at=timezone.now(),
        answer="yes",
        invited_by=world.staff,
    )
    (letter,) = mails.invited(mails.invitation_content(event, "de"), [invitation])
    OutgoingMail.objects.filter(pk=letter.pk).update(state=MailState.FAILED, error=ADDRESS)
    invitation.mail_id = letter.pk
    invitation.save()
    place = make_registration(
        event,
        name=NAME,
        email=ADDRESS,
        invitation=invitation,
        cluster=world.alpha,
        state="attended",
        expectation=WORDS,
        decision_reason=WORDS,
        list_consent=True,
        checked_in_at=timezone.now(),
    )
    _answer_questions(event, place)
    CheckInMark.objects.create(registration=place, marked_at=timezone.now(), marked_by=world.staff)
    place.choices.create(workshop="a", rank=1)
    mailing = Mailing.objects.create(
        event=event, occasion=MailOccasion.AFTER, scheduled_at=timezone.now()
    )
    MailingMail.objects.create(mailing=mailing, registration=place, email=ADDRESS, name=NAME)
    # A mail that says nothing but the person's own link.
    content = mail.prepare(
        "events/minutes_published", language="de", kind=MailKind.EVENT, context=about(event)
    )
    values = {"minutes_url": registration_url(place.pk, "de")}
    mail.queue_many(content, [Recipient(to=ADDRESS, to_name=NAME, values=values)])
    OutgoingMail.objects.filter(content=content).update(state=MailState.SENT)
    make_minutes_item(event, author=world.member)
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    event.documents.create(title="Folien", file=file, author=world.member)
    AddressState.objects.create(address=ADDRESS.lower(), reason=f"{ADDRESS} unknown")
    InboundNote.objects.create(mailbox_key="1:1", sender=ADDRESS, reason="?")
    LogEntry.objects.create(
        user=world.staff,
        content_type=ContentType.objects.get_for_model(Registration),
        object_id=str(place.pk),
        object_repr=str(place),
        action_flag=CHANGE,
    )
    return place


def _answer_questions(event: Event, place: Registration) -> None:
    text, choice = make_question(event), make_question(event, QuestionKind.CHOICE)
    QuestionAnswer.objects.create(question=text, registration=place, value=WORDS)
    QuestionAnswer.objects.create(question=choice, registration=place, value=1)
    stage = QuestionStage.SURVEY
    opinion = make_question(event, stage=stage)
    scale = make_question(event, QuestionKind.SCALE, stage=stage)
    keys = [response_key(make_registration_token(place.pk)), "b" * 64, "c" * 64]
    for key in keys:
        response = SurveyResponse.objects.create(event=event, key=key)
        response.answers.create(question=scale, value=4)
        response.answers.create(question=opinion, value=WORDS)


@pytest.fixture
def furnished(event: Event, world: World) -> Registration:
    return furnish(event, world)


def test_the_search_finds_what_is_there(furnished: Registration) -> None:
    assert {"events_invitation.email", "core_outgoingmail.to"} <= places_with(ADDRESS)
    assert "django_admin_log.object_repr" in places_with(NAME)
    assert {"events_questionanswer.value", "events_registration.expectation"} <= places_with(WORDS)


def test_nothing_of_the_person_is_left_in_any_table(furnished: Registration) -> None:
    key = response_key(make_registration_token(furnished.pk))
    services.remove_personal_data()
    for needle in (ADDRESS, NAME, WORDS, key):
        assert places_with(needle) == set()


def test_figures_and_survey_stay_the_same(furnished: Registration, event: Event) -> None:
    before, survey = statistics.of_event(event), results(event)
    assert before.attended == before.invited == 1
    assert before.delivered == 0
    services.remove_personal_data()
    assert statistics.of_event(event) == before
    after = results(event)
    assert after.responses == survey.responses == 3
    averages = [result.average for result in survey.questions]
    assert [result.average for result in after.questions] == averages


def test_removal_is_written_down_once(furnished: Registration, event: Event) -> None:
    assert services.remove_personal_data() == 1
    assert services.remove_personal_data() == 0
    assert services.anonymise_event(event=event) is None
    record = RetentionRecord.objects.get()
    counts = record.counts
    assert (counts["registrations"], counts["invitations"], counts["mails"]) == (1, 1, 2)
    assert list(counts["answers_by_question"].values()) == [{"1": 1}]
    event.refresh_from_db()
    assert event.anonymised_at is not None


def test_whoever_is_added_later_is_removed_the_next_night(
    furnished: Registration, event: Event
) -> None:
    services.remove_personal_data()
    make_registration(event, name=NAME)
    assert services.remove_personal_data() == 1
    assert places_with(NAME) == set()


def test_no_mail_is_written_to_an_emptied_invitation(event: Event) -> None:
    Invitation.objects.create(event=event, email=ADDRESS)
    services.remove_personal_data()
    assert not Invitation.objects.unmailed().exists()
    assert statistics.of_event(event).delivered == 0


def test_other_events_keep_what_is_theirs(furnished: Registration, world: World) -> None:
    other = make_event()
    Invitation.objects.create(event=other, email=ADDRESS, name=NAME)
    services.write_mails(event_id=other.pk)
    services.remove_personal_data()
    assert Invitation.objects.get(event=other).email == ADDRESS
    assert OutgoingMail.objects.get().invitation.event == other
    # The address is in use, so it is still known that mails to it came back.
    assert AddressState.objects.exists()


def test_two_hundred_people_go_in_a_fixed_number_of_queries(event: Event) -> None:
    counted = []
    for number in (2, 200):
        for _ in range(number):
            make_registration(event)
        with CaptureQueriesContext(connection) as queries:
            services.anonymise_event(event=event)
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("months", [0, 1, 6, 12, 13, 25])
@pytest.mark.parametrize("precision", DatePrecision.values)
def test_page_and_database_name_the_same_day(db: None, precision: str, months: int) -> None:
    for start in (date(2027, 1, 31), date(2027, 3, 28), date(2028, 2, 29), date(2027, 12, 31)):
        moment = timezone.make_aware(timezone.datetime(start.year, start.month, start.day, 23, 30))
        event = make_event(moment, date_precision=precision, retention_months=months)
        stored: Any = Event.objects.with_retention().get(pk=event.pk)
        assert stored.retention_ends == dates.retention_until(event)


@pytest.mark.parametrize(("days", "is_due"), [(-1, False), (0, True), (1, True)])
def test_data_go_on_the_day_not_before(db: None, days: int, is_due: bool) -> None:
    event = make_event(retention_months=6)
    make_registration(event)
    day = dates.retention_until(event) + timedelta(days=days)
    with time_machine.travel(f"{day.isoformat()}T03:05:00+01:00", tick=False):
        assert due_for_removal().exists() is is_due


def test_events_without_personal_data_are_no_news(world: World, event: Event) -> None:
    assert services.remove_personal_data() == 0
    assert not RetentionRecord.objects.exists()


def test_staff_sees_what_goes_when_and_what_has_gone(
    world: World, furnished: Registration, client: Client
) -> None:
    coming = make_event(retention_months=3, title_de="Kommt noch")
    make_registration(coming)
    client.force_login(world.staff)
    page = reverse("events:retention-list")
    response = client.get(page)
    assert [event.slug for event in response.context["coming"]] == ["treffen", coming.slug]
    services.remove_personal_data()
    response = client.get(page)
    assert [event.slug for event in response.context["coming"]] == [coming.slug]
    assert [record.event.slug for record in response.context["page_obj"]] == ["treffen"]
    figures = client.get(reverse("events:event-figures", args=["treffen"])).content.decode()
    assert "entfernt" in figures
    client.force_login(world.manager)
    assert client.get(page).status_code == 404
