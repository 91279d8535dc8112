"""The form of an event: quick programmes, two people at once, and bad input without loss."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core.errors import DomainError
from events.choices import EventPhase, EventStatus, PlaceState
from events.models import Event, Invitation, Registration, Session, SessionPlace, WorkshopChoice
from events.services import delete_event, publish_event, save_event, version_of
from tests.conftest import World
from tests.events.test_planning import FORM, session, sign_in
from tests.factories import (
    make_district,
    make_event,
    make_minutes_item,
    make_registration,
    make_user,
    make_workshops,
)

START = {"starts_at": "2027-05-26T14:00", "ends_at": "2027-05-26T18:00", "capacity": "50"}


def fields_of(text: str) -> dict[str, str]:
    """Return what a browser would send of the programme on the page, in order."""
    from html.parser import HTMLParser

    found: dict[str, str] = {}

    class Reader(HTMLParser):
        select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            values = dict(attrs)
            name = values.get("name") or ""
            if tag == "select":
                self.select = name
            elif tag == "option" and "selected" in values and self.select.startswith("sessions-"):
                found[self.select] = values.get("value") or ""
            elif tag == "input" and name.startswith(("sessions-", "programme_")):
                is_sent = values.get("type") != "checkbox" or "checked" in values
                found.update({name: values.get("value") or ""} if is_sent else {})

    Reader().feed(text)
    return found


def press(client: Client, data: dict[str, str], url: str = "/de/events/create/") -> dict[str, str]:
    response = client.post(url, data)
    assert response.status_code == 200, response.status_code
    return fields_of(response.content.decode())


def test_a_plenary_with_three_workshops_in_two_runs_takes_four_buttons(world: World) -> None:
    client = sign_in(world.staff)
    form = {**FORM, **START}
    parts = press(client, {**form, "add_session": "plenary"})
    assert parts["sessions-0-starts_at"] == "2027-05-26T14:00"
    assert parts["sessions-0-ends_at"] == "2027-05-26T14:45"
    parts["sessions-0-title_de"] = "Auftakt"
    parts = press(client, {**form, **parts, "add_run": "1", "run_size": "3", "run_minutes": "40"})
    for number, name in enumerate("ABC", 1):
        assert parts[f"sessions-{number}-capacity"] == "17"
        assert parts[f"sessions-{number}-starts_at"] == "2027-05-26T14:45"
        parts[f"sessions-{number}-title_de"] = f"Werkstatt {name}"
        parts[f"sessions-{number}-moderator"] = f"Cluster {name}"
    parts = press(client, {**form, **parts, "add_session": "break"})
    assert parts["sessions-4-title_de"] == "Pause"
    parts = press(client, {**form, **parts, "repeat_run": "1"})
    assert parts["sessions-5-starts_at"] == "2027-05-26T15:40"
    assert parts["sessions-5-ends_at"] == "2027-05-26T16:20"
    assert client.post("/de/events/create/", {**form, **parts}).status_code == 302
    event = Event.objects.get()
    rows = list(event.sessions.values_list("run", "track", "title_de", "workshop", "moderator"))
    assert rows == [
        (None, None, "Auftakt", "", ""),
        (1, 1, "Werkstatt A", "w1", "Cluster A"),
        (1, 2, "Werkstatt B", "w2", "Cluster B"),
        (1, 3, "Werkstatt C", "w3", "Cluster C"),
        (None, None, "Pause", "", ""),
        (2, 1, "Werkstatt A", "w1", "Cluster A"),
        (2, 2, "Werkstatt B", "w2", "Cluster B"),
        (2, 3, "Werkstatt C", "w3", "Cluster C"),
    ]


def test_repeating_saved_workshops_keeps_the_word_wishes_were_made_for(world: World) -> None:
    event = make_event(slug="e")
    workshop = event.sessions.create(code="s1", part="parallel", run=1, track=1, title_de="A")
    client = sign_in(world.staff)
    parts = fields_of(client.get("/de/events/e/edit/").content.decode())
    parts = press(client, {**FORM, **parts, "repeat_run": "1"}, "/de/events/e/edit/")
    assert parts["sessions-0-workshop"] == parts["sessions-1-workshop"] == "s1"
    assert workshop.workshop_key == "s1"


def test_parts_move_up_and_down(world: World) -> None:
    data = {**FORM, "sessions-TOTAL_FORMS": "2", **session(0), **session(1, part="break")}
    moved = press(sign_in(world.staff), {**data, "move": "1-up"})
    assert moved["sessions-0-title_de"] == "Teil 1"
    assert moved["sessions-0-part"] == "break"
    assert moved["sessions-1-title_de"] == "Teil 0"
    assert moved["sessions-0-position"] < moved["sessions-1-position"]
    again = press(sign_in(world.staff), {**data, "move": "1-down"})
    assert again["sessions-1-title_de"] == "Teil 1"


@pytest.mark.parametrize("total", ["", "x", "-3", "99999999", "²"])
def test_nonsense_in_the_programme_does_not_break_the_form(world: World, total: str) -> None:
    data = {**FORM, "sessions-TOTAL_FORMS": total, "sessions-0-id": "x", "move": "9-up"}
    assert sign_in(world.staff).post("/de/events/create/", data).status_code == 200


def test_every_new_field_is_stored_and_shown_again(world: World) -> None:
    district = make_district()
    data = {
        **FORM,
        **START,
        "district": str(district.pk),
        "online_lead_hours": "24",
        "registration_closes_at": "2027-05-20T12:00",
        "approval_required": "on",
        "cluster_quota": "3",
        "waiting_mode": "staff",
        "offer_hours": "0",
        "choice_mode": "wishes",
        "wishes_until": "2027-05-22T12:00",
        "survey_until": "2027-06-30T12:00",
        "retention_months": "6",
    }
    client = sign_in(world.staff)
    assert client.post("/de/events/create/", data).status_code == 302
    event = Event.objects.get()
    assert event.district == district
    assert (event.online_lead_hours, event.cluster_quota, event.retention_months) == (24, 3, 6)
    assert (event.waiting_mode, event.offer_hours, event.choice_mode) == ("staff", 0, "wishes")
    assert event.approval_required
    assert not event.asks_expectations
    text = client.get(f"/de/events/{event.slug}/edit/").content.decode()
    assert 'value="2027-05-20T12:00"' in text
    assert 'value="2027-06-30T12:00"' in text


# --- two people at once ----------------------------------------------------------------------


def test_the_second_of_two_editors_sees_both_and_loses_nothing(world: World) -> None:
    event = make_event(slug="e", title_de="Alt", city="Essen")
    part = event.sessions.create(code="a", part="plenary", title_de="Auftakt")
    client = sign_in(world.staff)
    version = version_of(event)
    rows = {
        "sessions-TOTAL_FORMS": "1",
        **session(0, id=str(part.pk), title_de="Mein Auftakt"),
    }
    theirs = Event.objects.get(pk=event.pk)
    theirs.city = "Bochum"
    added = Session(part="break", title_de="Neue Pause", position=9)
    save_event(user=world.staff, event=theirs, sessions=[added])
    mine = {**FORM, **rows, "title_de": "Mein Titel", "city": "Hagen", "version": version}
    response = client.post("/de/events/e/edit/", mine)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Zwei Personen haben gleichzeitig bearbeitet" in text
    assert "Bochum" in text
    assert 'value="Hagen"' in text
    assert 'value="Mein Auftakt"' in text
    assert "Neue Pause" in text
    event.refresh_from_db()
    assert (event.city, event.title_de) == ("Bochum", "Alt")
    [new_version] = [part.split('"')[0] for part in text.split('name="version" value="')[1:]]
    assert new_version != version
    assert client.post("/de/events/e/edit/", {**mine, "version": new_version}).status_code == 302
    event.refresh_from_db()
    assert (event.city, event.title_de) == ("Hagen", "Mein Titel")
    assert set(event.sessions.values_list("title_de", flat=True)) == {"Mein Auftakt", "Neue Pause"}


def test_a_part_removed_by_somebody_else_comes_back_with_what_was_entered(world: World) -> None:
    event = make_event(slug="e")
    part = event.sessions.create(code="a", part="plenary", title_de="Auftakt")
    version = version_of(event)
    save_event(user=world.staff, event=Event.objects.get(pk=event.pk), removed=[part])
    rows = {"sessions-TOTAL_FORMS": "1", **session(0, id=str(part.pk), title_de="Auftakt neu")}
    client = sign_in(world.staff)
    response = client.post("/de/events/e/edit/", {**FORM, **rows, "version": version})
    assert response.status_code == 422
    assert "Auftakt neu" in response.content.decode()


def test_publishing_meanwhile_is_no_conflict(world: World) -> None:
    event = make_event(slug="e", status=EventStatus.DRAFT)
    client = sign_in(world.staff)
    client.post("/de/events/e/edit/", FORM)
    event.refresh_from_db()
    version = version_of(event)
    publish_event(user=world.staff, event=event)
    assert client.post("/de/events/e/edit/", {**FORM, "version": version}).status_code == 302
    event.refresh_from_db()
    assert event.status == EventStatus.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_two_staff_publish_at_once_and_both_succeed() -> None:
    staff = User.objects.create_user("staff@portal.example", "x", is_staff=True)
    event = make_event(status=EventStatus.DRAFT)
    barrier, states = threading.Barrier(2), []

    def publish() -> None:
        try:
            barrier.wait(10)
            states.append(publish_event(user=staff, event=event).status)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    event.refresh_from_db()
    assert states == [EventStatus.PUBLISHED] * 2
    assert event.status == EventStatus.PUBLISHED
    assert event.announced


@pytest.mark.django_db(transaction=True)
def test_saving_waits_for_the_one_who_saves_and_then_sees_the_conflict() -> None:
    staff = User.objects.create_user("staff@portal.example", "x", is_staff=True)
    event = make_event(city="Essen")
    version, refused, begun = version_of(event), [], threading.Event()

    def second() -> None:
        mine = Event.objects.get(pk=event.pk)
        mine.city = "Hagen"
        begun.set()
        try:
            save_event(user=staff, event=mine, version=version)
        except DomainError as error:
            refused.append(error.code)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        theirs = Event.objects.get(pk=event.pk)
        theirs.city = "Bochum"
        save_event(user=staff, event=theirs, version=version)
        thread.start()
        begun.wait(10)
    thread.join(30)
    event.refresh_from_db()
    assert (refused, event.city) == (["conflict"], "Bochum")


# --- deleting and removing -------------------------------------------------------------------


def test_an_event_without_people_is_deleted_after_asking(world: World) -> None:
    make_event(slug="e")
    client = sign_in(world.staff)
    assert client.get("/de/events/e/delete/").status_code == 200
    assert Event.objects.exists()
    assert client.post("/de/events/e/delete/").status_code == 302
    assert not Event.objects.exists()


def test_deleting_never_loses_what_people_entered(world: World) -> None:
    registered, invited, written = make_event(slug="r"), make_event(slug="i"), make_event(slug="m")
    make_registration(registered)
    Invitation.objects.create(event=invited, email="a@x.example")
    make_minutes_item(written)
    client = sign_in(world.staff)
    for event in (registered, invited, written):
        with pytest.raises(DomainError):
            delete_event(user=world.staff, event=event)
        response = client.post(f"/de/events/{event.slug}/delete/", follow=True)
        assert "sagen Sie sie stattdessen ab" in response.content.decode()
    assert Event.objects.count() == 3
    assert Registration.objects.count() == Invitation.objects.count() == 1


def remove_first(world: World, event: Event) -> str:
    client = sign_in(world.staff)
    parts = fields_of(client.get(f"/de/events/{event.slug}/edit/").content.decode())
    local = timezone.localtime(event.starts_at)
    times = {"starts_at": f"{local:%Y-%m-%dT%H:%M}", "ends_at": ""}
    data = {**FORM, **times, **parts, "sessions-0-DELETE": "on"}
    return client.post(f"/de/events/{event.slug}/edit/", data).content.decode()


def test_a_part_people_hang_on_is_not_removed(world: World) -> None:
    start = timezone.now() + timedelta(days=7)
    start = start.replace(hour=8, minute=0, second=0, microsecond=0)
    for number, what in enumerate(("place", "minutes", "wish")):
        event = make_event(start, slug=f"e{number}")
        part, *_ = make_workshops(event, runs=1)
        registration = make_registration(event)
        if what == "place":
            SessionPlace.objects.create(session=part, registration=registration)
        elif what == "minutes":
            make_minutes_item(event, session=part)
        else:
            WorkshopChoice.objects.create(registration=registration, workshop="a", rank=1)
        assert "„Werkstatt A“ bleibt im Programm" in remove_first(world, event)
        assert event.sessions.count() == 3
    assert SessionPlace.objects.count() == WorkshopChoice.objects.count() == 1


def test_a_wish_for_a_workshop_with_another_sitting_does_not_keep_this_one(world: World) -> None:
    start = (timezone.now() + timedelta(days=7)).replace(hour=8, minute=0, second=0, microsecond=0)
    event = make_event(start, slug="e")
    make_workshops(event, runs=2)
    WorkshopChoice.objects.create(registration=make_registration(event), workshop="a", rank=1)
    remove_first(world, event)
    assert event.sessions.count() == 5


def test_fewer_places_than_taken_in_a_part_are_refused(world: World) -> None:
    event = make_event()
    part, *_ = make_workshops(event, runs=1)
    for state in (PlaceState.HELD, PlaceState.OFFERED, PlaceState.WAITING):
        expires = timezone.now() + timedelta(days=1) if state == PlaceState.OFFERED else None
        SessionPlace.objects.create(
            session=part,
            registration=make_registration(event),
            state=state,
            offer_expires_at=expires,
        )
    part.capacity = 1
    with pytest.raises(DomainError, match="2 Personen"):
        save_event(user=world.staff, event=Event.objects.get(pk=event.pk), sessions=[part])
    part.capacity = 2
    save_event(user=world.staff, event=Event.objects.get(pk=event.pk), sessions=[part])


def test_an_overbooked_event_can_still_be_edited(world: World) -> None:
    event = make_event(capacity=1)
    for _ in range(2):
        make_registration(event)
    stored = Event.objects.get(pk=event.pk)
    stored.city = "Essen"
    save_event(user=world.staff, event=stored)
    stored.capacity = 1
    assert Event.objects.get(pk=event.pk).city == "Essen"


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_at": "2027-05-26T13:00"}, "endet, bevor sie beginnt"),
        ({"starts_at": "2027-03-28T02:30", "ends_at": ""}, "02:30 Uhr gibt es nicht"),
        ({"starts_at": "2027-10-31T02:30", "ends_at": ""}, "02:30 Uhr gibt es zweimal"),
        ({"starts_at": "9999-12-31T23:59", "ends_at": ""}, "prüfen Sie das Jahr"),
        ({"title_de": "x" * 10_000}, "höchstens 200 Zeichen"),
        ({"summary_de": "x" * 20_001}, "höchstens 20000 Zeichen"),
        ({"title_de": "a\x00b"}, "NULL"),
        ({"registration_closes_at": "2027-05-27T12:00"}, "liegt nach der Veranstaltung"),
        ({"survey_until": "2027-05-01T12:00"}, "kann nicht enden"),
    ],
)
def test_mistakes_get_a_clear_sentence_and_keep_the_input(
    world: World, wrong: dict[str, str], sentence: str
) -> None:
    response = sign_in(world.staff).post("/de/events/create/", {**FORM, **wrong})
    text = response.content.decode()
    assert response.status_code == 422
    assert sentence.lower() in text.lower()
    assert "Spring plenary" in text
    assert not Event.objects.exists()


def test_parts_on_another_day_or_ending_too_early_are_named(world: World) -> None:
    rows = {
        "sessions-TOTAL_FORMS": "2",
        **session(0, starts_at="2027-05-27T14:00"),
        **session(1, starts_at="2027-05-26T15:00", ends_at="2027-05-26T14:00"),
    }
    client = sign_in(world.staff)
    text = client.post("/de/events/create/", {**FORM, **rows}).content.decode()
    assert "bevor er beginnt" in text or "endet" in text
    rows |= session(1, starts_at="2027-05-26T15:00", ends_at="2027-05-26T16:00")
    text = client.post("/de/events/create/", {**FORM, **rows}).content.decode()
    assert "An diesem Tag findet die Veranstaltung nicht statt" in text
    assert not Event.objects.exists()


def test_the_hours_beside_a_change_of_clocks_are_taken(world: World) -> None:
    data = {**FORM, "starts_at": "2027-03-28T01:59", "ends_at": "2027-03-28T03:00"}
    assert sign_in(world.staff).post("/de/events/create/", data).status_code == 302
    event = Event.objects.get()
    assert event.ends_at - event.starts_at == timedelta(minutes=1)  # type: ignore[operator]


def test_long_texts_html_and_line_breaks_are_stored_and_shown_as_text(world: World) -> None:
    nasty = "<script>alert(1)</script>\n" + "Wort " * 2000
    data = {**FORM, "title_de": "Plenum\r\nBcc: x@evil.example <b>", "summary_de": nasty}
    client = sign_in(world.staff)
    assert client.post("/de/events/create/", data).status_code == 302
    event = Event.objects.get()
    assert event.title_de == "Plenum Bcc: x@evil.example <b>"
    assert len(event.summary_de) > 10_000
    for path in ("", "edit/", "programme/"):
        text = client.get(f"/de/events/{event.slug}/{path}").content.decode()
        assert "<script>alert" not in text
        assert "evil.example <b>" not in text


# --- phases and filters ----------------------------------------------------------------------


def test_the_list_of_staff_shows_and_filters_phases(world: World) -> None:
    now = timezone.now()
    make_event(title_de="Kommt")
    make_event(now - timedelta(minutes=5), title_de="Gerade jetzt")
    make_event(now - timedelta(days=9), title_de="Vorbei")
    make_event(status=EventStatus.DRAFT, title_de="Entwurf X")
    make_event(status=EventStatus.CANCELLED, title_de="Abgesagt X")
    client = sign_in(world.staff)
    wanted = {
        "published": "Kommt",
        "running": "Gerade jetzt",
        "done": "Vorbei",
        "draft": "Entwurf X",
        "cancelled": "Abgesagt X",
    }
    for phase, title in wanted.items():
        text = client.get(f"/de/events/manage/?phase={phase}").content.decode()
        shown = [name for name in wanted.values() if f">{name}</a>" in text]
        assert shown == [title], phase
        assert [e.title for e in Event.objects.in_phase(phase)] == [title]
        assert Event.objects.in_phase(phase).get().phase == EventPhase(phase)
    assert Event.objects.phase_counts() == {
        **dict.fromkeys(EventPhase.values, 0),
        **dict.fromkeys(wanted, 1),
    }
    assert client.get("/de/events/manage/?phase=x&series=x").status_code == 200


def test_district_and_phase_narrow_list_feed_and_api_alike(world: World, client: Client) -> None:
    district = make_district(code="arnsberg")
    make_event(title_de="Gesucht", district=district)
    make_event(title_de="Woanders", district=make_district())
    make_event(title_de="Abgesagt", district=district, status=EventStatus.CANCELLED)
    query = "?district=arnsberg&phase=published"
    for path in ("/de/events/", "/events.ics", "/api/v1/events/"):
        text = client.get(path + query).content.decode()
        assert "Gesucht" in text, path
        assert "Woanders" not in text, path
        assert "Abgesagt" not in text, path
    assert 'class="cd-chip"' in client.get(f"/de/events/{query}").content.decode()


def test_operators_look_up_registrations_but_do_not_write_them(world: World) -> None:
    operator = make_user("root@portal.example", is_staff=True, is_superuser=True)
    registration = make_registration()
    Invitation.objects.create(event=registration.event, email="a@x.example")
    client = sign_in(operator)
    for model in ("registration", "invitation", "event"):
        listed = client.get(reverse(f"admin:events_{model}_changelist"))
        assert listed.status_code == 200
        assert "delete_selected" not in listed.content.decode()
    assert client.get(reverse("admin:events_registration_add")).status_code == 403
    change = reverse("admin:events_registration_change", args=[registration.pk])
    delete = reverse("admin:events_registration_delete", args=[registration.pk])
    assert client.get(change).status_code == 200
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.post(change, {"state": "cancelled"}).status_code == 403
    page = reverse("admin:events_event_change", args=[registration.event_id])
    assert client.get(page).status_code == 200
    assert Registration.objects.get().state == "registered"


def test_programme_follows_an_event_that_is_moved_across_the_change_of_clocks(
    world: World,
) -> None:
    # Winter time; the last Sunday of March lies between the two days.
    begins = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)
    event = make_event(begins, slug="e", ends_at=begins + timedelta(hours=3))
    event.sessions.create(
        part="plenary",
        title_de="A",
        starts_at=begins + timedelta(minutes=30),
        ends_at=begins + timedelta(hours=1),
    )
    client, url = sign_in(world.staff), "/de/events/e/edit/"
    parts = fields_of(client.get(url).content.decode())
    assert parts["sessions-0-starts_at"] == "2027-03-22T10:30"
    moved = {"starts_at": "2027-04-05T11:00", "ends_at": "2027-04-05T14:00"}
    refused = client.post(url, {**FORM, **parts, **moved, "save": "1"})
    assert "An diesem Tag findet die Veranstaltung nicht statt" in refused.content.decode()
    # Pressed twice, moved once.
    parts = press(client, {**FORM, **parts, **moved, "shift": "1"}, url)
    parts = press(client, {**FORM, **parts, **moved, "shift": "1"}, url)
    assert parts["sessions-0-starts_at"] == "2027-04-05T11:30"
    assert parts["sessions-0-ends_at"] == "2027-04-05T12:00"
    assert client.post(url, {**FORM, **parts, **moved, "save": "1"}).status_code == 302
    assert event.sessions.get().starts_at == datetime(2027, 4, 5, 9, 30, tzinfo=UTC)
