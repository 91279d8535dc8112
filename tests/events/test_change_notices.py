"""Changes of time and place are told once, to whom they concern, in their language."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from core.mail.calendar import CalendarPart
from core.models import OutgoingMail
from events.choices import EventStatus, RegistrationState
from events.models import Event, Invitation, Registration, Session
from events.services import (
    cancel_event,
    drop_change_notice,
    publish_event,
    save_event,
    send_change_notice,
    send_due_change_notices,
    tell_changes_now,
)
from events.tasks import send_due_change_notices as beat_task
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import make_event, make_registration


@pytest.fixture
def event(world: World) -> Event:
    """A published event in Essen with one person registered."""
    made = make_event(status=EventStatus.DRAFT, city="Essen", venue="Haus A", slug="e")
    made.sessions.create(
        code="a", part="plenary", title_de="Auftakt", room="Saal", starts_at=made.starts_at
    )
    made = publish_event(user=world.staff, event=made)
    make_registration(made, email="comes@x.example")
    return made


def change(world: World, event: Event, **values: object) -> Event:
    stored = Event.objects.get(pk=event.pk)
    for name, value in values.items():
        setattr(stored, name, value)
    return save_event(user=world.staff, event=stored)


def is_due(event: Event) -> None:
    """Let the half hour pass."""
    Event.objects.filter(pk=event.pk).update(change_notice_due_at=timezone.now())


def test_changes_within_half_an_hour_are_one_mail(world: World, event: Event) -> None:
    first = change(world, event, city="Bochum").change_notice_due_at
    later = event.starts_at + timedelta(days=1)
    second = change(world, event, starts_at=later, ends_at=later + timedelta(hours=2))
    assert second.change_notice_due_at == first
    assert first is not None
    assert timedelta(minutes=29) < first - timezone.now() <= timedelta(minutes=30)
    assert send_due_change_notices() == 0
    assert not OutgoingMail.objects.exists()
    is_due(event)
    beat_task()
    beat_task()
    mail = OutgoingMail.objects.select_related("content").get()
    assert mail.to == "comes@x.example"
    assert "Haus A, Bochum" in mail.content.text
    assert "Haus A, Essen" in mail.content.text
    assert "(bisher:" in mail.content.text
    assert mail.content.calendar_method == "REQUEST"
    event.refresh_from_db()
    assert mail.values["sequence"] == str(event.sequence)
    assert event.sequence == 2
    assert event.change_notice_due_at is None


def test_a_change_taken_back_tells_nobody(world: World, event: Event) -> None:
    change(world, event, city="Bochum")
    assert change(world, event, city="Essen").change_notice_due_at is None
    assert send_change_notice(event_id=event.pk, at_once=True) == 0
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "values", [{"summary_de": "Neu."}, {"title_de": "Anders"}, {"capacity": 90}]
)
def test_other_changes_tell_nobody(world: World, event: Event, values: dict[str, object]) -> None:
    assert change(world, event, **values).change_notice_due_at is None


def test_a_cancelled_event_sends_the_cancellation_only(world: World, event: Event) -> None:
    change(world, event, city="Bochum")
    cancel_event(user=world.staff, event=event, reason="Sturm")
    is_due(event)
    assert send_due_change_notices() == 0
    assert OutgoingMail.objects.get().content.calendar_method == "CANCEL"


def test_past_events_and_drafts_tell_nobody(world: World) -> None:
    past = make_event(timezone.now() - timedelta(days=3), city="Essen")
    draft = make_event(status=EventStatus.DRAFT, city="Essen")
    for event in (past, draft):
        make_registration(event)
        assert change(world, event, city="Bochum").change_notice_due_at is None


def test_nobody_there_opens_no_window_and_the_next_person_is_told_of_the_next_change(
    world: World,
) -> None:
    event = publish_event(user=world.staff, event=make_event(status=EventStatus.DRAFT))
    changed = change(world, event, city="Bochum")
    assert changed.change_notice_due_at is None
    assert changed.announced["city"] == "Bochum"
    make_registration(event)
    assert change(world, event, city="Hagen").change_notice_due_at is not None


def test_each_person_concerned_is_told_once_in_their_language(world: World, event: Event) -> None:
    now = timezone.now()
    world.manager.language = "en"
    world.manager.save()
    for email, answer, queued in [
        ("asked@x.example", "", now),
        ("maybe@x.example", "maybe", now),
        ("no@x.example", "no", now),
        ("colleague@x.example", "colleague", now),
        ("never-mailed@x.example", "", None),
        ("COMES@x.example", "yes", now),
    ]:
        Invitation.objects.create(event=event, email=email, answer=answer, queued_at=queued)
    # Full, so that nobody who waits moves up meanwhile.
    Event.objects.update(capacity=5)
    make_registration(event, user=world.manager, calendar_revision=3)
    for state in RegistrationState.values:
        offered = state == RegistrationState.OFFERED
        expires = now + timedelta(hours=9) if offered else None
        make_registration(
            event, email=f"{state}@y.example", state=state, offer_expires_at=expires, language="en"
        )
    make_registration(event, is_example=True, email="example@y.example")
    change(world, event, city="Bochum")
    tell_changes_now(user=world.staff, event=event)
    mails = {mail.to: mail for mail in OutgoingMail.objects.select_related("content")}
    assert sorted(mails) == [
        "asked@x.example",
        "attended@y.example",
        "comes@x.example",
        "manager@alpha.example",
        "maybe@x.example",
        "offered@y.example",
        "registered@y.example",
        "requested@y.example",
        "waiting@y.example",
    ]
    assert OutgoingMail.objects.count() == len(mails)
    assert mails["manager@alpha.example"].content.language == "en"
    assert "Haus A, Bochum" in mails["manager@alpha.example"].content.text
    assert mails["manager@alpha.example"].values["sequence"] == "4"
    assert mails["asked@x.example"].content.calendar_method == "REQUEST"
    # Who only waits has no entry that could be changed.
    assert mails["waiting@y.example"].content.calendar_method == ""


def test_rooms_and_times_of_parts_are_told_and_links_are_not_written_out(
    world: World, event: Event
) -> None:
    part: Session = event.sessions.get()
    part.room = "Foyer"
    stored = Event.objects.get(pk=event.pk)
    stored.online_url = "https://meet.example/secret-room"
    save_event(user=world.staff, event=stored, sessions=[part])
    Invitation.objects.create(event=event, email="asked@x.example", queued_at=timezone.now())
    tell_changes_now(user=world.staff, event=event)
    contents = {mail.to: mail.content for mail in OutgoingMail.objects.select_related("content")}
    for content in contents.values():
        assert "Raum von „Auftakt“: Foyer" in content.text
        assert "Link zur Online-Teilnahme" in content.text
        assert "meet.example" not in content.text + content.html
    assert "meet.example" not in contents["asked@x.example"].calendar
    # Who takes part has it in the calendar entry, from the time on it is shown.
    assert "meet.example" in contents["comes@x.example"].calendar
    event.refresh_from_db()
    assert "meet.example" not in str(event.announced)


def test_staff_sees_the_notice_and_tells_now_or_nobody(world: World, event: Event) -> None:
    client = Client()
    client.force_login(world.staff)
    change(world, event, city="Bochum")
    text = client.get("/de/events/e/edit/").content.decode()
    assert "1 Person erfährt um" in text
    assert client.post("/de/events/e/changes/", {"tell": "nobody"}).status_code == 302
    event.refresh_from_db()
    assert (event.change_notice_due_at, event.announced["city"]) == (None, "Bochum")
    assert not OutgoingMail.objects.exists()
    change(world, event, city="Hagen")
    client.post("/de/events/e/changes/", {"tell": "now"})
    client.post("/de/events/e/changes/", {"tell": "now"})
    assert OutgoingMail.objects.count() == 1
    assert "erfährt um" not in client.get("/de/events/e/edit/").content.decode()
    drop_change_notice(user=world.staff, event=event)


def test_a_title_with_line_breaks_and_html_stays_one_plain_subject(
    world: World, event: Event
) -> None:
    change(
        world,
        event,
        city="Bochum",
        title_de="Plenum\r\nBcc: x@evil.example <script>alert(1)</script>",
    )
    tell_changes_now(user=world.staff, event=event)
    content = OutgoingMail.objects.get().content
    assert "\n" not in content.subject
    assert content.subject.startswith("Geändert: Plenum Bcc: x@evil.example <script>")
    assert "<script>" not in content.html


def test_events_published_before_anything_was_remembered_are_told_too(world: World) -> None:
    event = make_event(city="Essen")
    make_registration(event)
    assert event.announced == {}
    assert change(world, event, city="Bochum").announced["city"] == "Essen"


def test_participants_keep_their_sessions_and_are_not_asked_again(
    world: World, event: Event
) -> None:
    comes = Registration.objects.get(email="comes@x.example")
    comes.places.create(session=event.sessions.get())
    Invitation.objects.create(event=event, email="asked@x.example", queued_at=timezone.now())
    change(world, event, city="Bochum")
    is_due(event)
    beat_task()
    parts = {}
    for mail in OutgoingMail.objects.select_related("content"):
        calendar = CalendarPart(mail.content.calendar).fill(
            {**mail.values, "to": mail.to, "to_name": mail.to}
        )
        parts[mail.to] = Calendar.from_ical(calendar).walk("VEVENT")[0]
    sure, asked = parts["comes@x.example"], parts["asked@x.example"]
    assert sure["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert "Auftakt, Saal" in sure["DESCRIPTION"]  # type: ignore[operator]
    assert make_registration_token(comes.pk) in sure["DESCRIPTION"]  # type: ignore[operator]
    assert asked["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert "Auftakt" not in asked["DESCRIPTION"]  # type: ignore[operator]
    assert sure["UID"] == asked["UID"] == str(event.uid)
