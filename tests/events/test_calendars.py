"""Calendar files: valid, stable, and silent about what is not known."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from events import calendars
from events.choices import DatePrecision, EventStatus
from events.models import Event, Session
from events.services import save_event
from tests.conftest import World
from tests.factories import make_event, make_field

BERLIN = ZoneInfo("Europe/Berlin")


def fetch(client: Client, url: str) -> Calendar:
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in response.content
    return Calendar.from_ical(response.content)


def only(calendar: Any) -> Any:
    entries = calendar.walk("VEVENT")
    assert len(entries) == 1
    return entries[0]


def test_event_file_says_when_in_berlin_time(db: None, client: Client) -> None:
    event = make_event(
        datetime(2027, 7, 1, 12, tzinfo=UTC), ends_at=datetime(2027, 7, 1, 14, tzinfo=UTC)
    )
    event.innovation_fields.add(make_field(name_de="Neue Werkstoffe"))
    calendar = fetch(client, f"/events/{event.slug}.ics")
    entry = only(calendar)
    assert entry["UID"] == str(event.uid)
    assert entry.decoded("DTSTART") == datetime(2027, 7, 1, 14, tzinfo=BERLIN)
    assert entry["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert calendar.walk("VTIMEZONE")[0]["TZID"] == "Europe/Berlin"
    assert "Neue Werkstoffe" in entry["CATEGORIES"].to_ical().decode()
    assert entry["LAST-MODIFIED"].dt.replace(microsecond=0) == event.updated_at.replace(
        microsecond=0
    )


def test_day_precision_becomes_all_day_with_the_day_after_as_end(db: None, client: Client) -> None:
    event = make_event(
        datetime(2027, 3, 27, 23, tzinfo=UTC),
        ends_at=datetime(2027, 3, 28, 21, 59, tzinfo=UTC),
        date_precision=DatePrecision.DAY,
    )
    entry = only(fetch(client, f"/events/{event.slug}.ics"))
    assert entry.decoded("DTSTART") == date(2027, 3, 28)
    assert entry.decoded("DTEND") == date(2027, 3, 29)


def test_uid_stays_and_sequence_grows_when_a_published_event_changes(world: World) -> None:
    event = make_event()
    before = only(Calendar.from_ical(calendars.for_event(event)))
    event.title = "Neuer Titel"
    save_event(user=world.staff, event=event)
    after = only(Calendar.from_ical(calendars.for_event(Event.objects.get(pk=event.pk))))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1


def test_session_file_has_its_own_stable_uid(db: None, client: Client) -> None:
    event = make_event()
    Session.objects.create(
        event=event, code="w1", part="parallel", title_de="W 1", starts_at=event.starts_at
    )
    Session.objects.create(event=event, code="open", part="plenary", title_de="Offen")
    first = only(fetch(client, f"/events/{event.slug}/w1.ics"))
    second = only(fetch(client, f"/events/{event.slug}/w1.ics"))
    assert first["UID"] == second["UID"] != str(event.uid)
    assert client.get(f"/events/{event.slug}/open.ics").status_code == 404


def test_feed_holds_what_can_be_dated_and_speaks_the_language_asked_for(
    db: None, client: Client
) -> None:
    make_event(title_de="Mit Tag", title_en="With a day")
    make_event(title_de="Nur Monat", date_precision=DatePrecision.MONTH)
    cancelled = make_event(status=EventStatus.CANCELLED, title_de="Abgesagt")
    german = fetch(client, "/events.ics")
    titles = {str(entry["SUMMARY"]): str(entry["STATUS"]) for entry in german.walk("VEVENT")}
    assert titles == {"Mit Tag": "CONFIRMED", cancelled.title: "CANCELLED"}
    english = fetch(client, "/events.ics?language=en&kind=exchange")
    assert "With a day" in {str(entry["SUMMARY"]) for entry in english.walk("VEVENT")}
    assert not fetch(client, "/events.ics?kind=plenary").walk("VEVENT")


def test_unchanged_feed_is_not_sent_again(db: None, client: Client) -> None:
    event = make_event()
    first = client.get("/events.ics")
    again = client.get("/events.ics", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    Event.objects.filter(pk=event.pk).update(city="Aachen")
    changed = client.get("/events.ics", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_news_feed_is_atom_and_names_stable_ids(db: None, client: Client) -> None:
    event = make_event(title_de="Frühjahrsplenum & mehr")
    response = client.get("/events.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    text = response.content.decode()
    assert "Frühjahrsplenum &amp; mehr" in text
    assert f"urn:uuid:{event.uid}" in text


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_calendar_for_attendees_asks_each_for_an_answer(db: None, method: str) -> None:
    event = make_event()
    text = calendars.for_attendees(event, method).replace("%%to%%", "guest@alpha.example")
    calendar = Calendar.from_ical(text.replace("%%to_name%%", "A Guest"))
    entry = only(calendar)
    assert calendar["METHOD"] == method
    assert entry["ATTENDEE"] == "mailto:guest@alpha.example"
    assert entry["ATTENDEE"].params["RSVP"] == "TRUE"
    assert str(entry["ORGANIZER"]).startswith("mailto:")
    assert calendars.for_attendees(make_event(date_precision="year"), method) == ""
