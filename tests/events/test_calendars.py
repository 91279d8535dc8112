"""Calendar files: valid, stable, and silent about what is not known."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from icalendar import Calendar

from core.choices import MailKind
from core.mail import prepare
from core.mail.message import CompiledMail
from core.mail.tags import address_tag
from events import calendars
from events.choices import DatePrecision, EventStatus
from events.models import Event, Session
from events.services import save_event
from tests.conftest import World
from tests.factories import make_district, make_event, make_field, make_topic

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


def test_categories_name_kind_fields_and_public_topics(db: None, client: Client) -> None:
    event = make_event(kind="plenary")
    event.innovation_fields.add(make_field(name_de="Neue Werkstoffe"))
    event.topics.add(
        make_topic(title_de="Wasserstoff"), make_topic(title_de="Idee", status="draft")
    )
    for url in (f"/events/{event.slug}.ics", "/events.ics"):
        entry = only(fetch(client, url))
        categories = [str(one) for one in entry["CATEGORIES"].cats]
        assert categories == ["Plenum", "Neue Werkstoffe", "Wasserstoff"]
    mail = only(Calendar.from_ical(calendars.for_attendees(event, "REQUEST")))
    assert "Idee" not in mail["CATEGORIES"].to_ical().decode()


def test_feed_can_be_narrowed_to_a_district_and_a_field(db: None, client: Client) -> None:
    district, field = make_district(code="muenster"), make_field(code="materials")
    event = make_event(district=district)
    event.innovation_fields.add(field)
    make_event(district=make_district())
    for query in ("district=muenster", "field=materials", "district=muenster&field=materials"):
        assert only(fetch(client, f"/events.ics?{query}"))["UID"] == str(event.uid)


def test_feed_takes_the_same_number_of_queries_for_2_and_for_20(db: None, client: Client) -> None:
    counts = []
    for number in (2, 18):
        for _ in range(number):
            event = make_event()
            event.innovation_fields.add(make_field())
            event.topics.add(make_topic())
        with CaptureQueriesContext(connection) as queries:
            client.get("/events.ics")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_links_for_taking_part_online_stay_out_of_public_files(db: None, client: Client) -> None:
    event = make_event(online_url="https://meet.example/secret", format="online")
    event.sessions.create(
        code="w1",
        part="parallel",
        title_de="W 1",
        starts_at=event.starts_at,
        online_url="https://meet.example/room",
    )
    for url in (f"/events/{event.slug}.ics", f"/events/{event.slug}/w1.ics", "/events.ics"):
        assert b"meet.example" not in client.get(url).content
    assert "meet.example" not in calendars.for_attendees(event, "REQUEST")
    assert "meet.example" not in calendars.for_attendees(
        event, "REQUEST", online="https://meet.example/secret"
    )


def mailed(event: Event, method: str, **options: Any) -> Any:
    """Return the calendar part as it arrives, with its content type."""
    with translation.override("de"):
        content = prepare(
            "accounts/account_deleted",
            language="de",
            kind=MailKind.EVENT,
            context={},
            calendar=calendars.for_attendees(event, method, **options),
            calendar_method=method,
        )
    raw = CompiledMail(content).fill(
        pk=uuid4(),
        to="guest@alpha.example",
        to_name='Gast "der" Runde; Köln, außen',
        values={"sequence": calendars.person_sequence(event, 3)},
        now=timezone.now(),
    )
    message = message_from_bytes(raw, policy=policy.default)
    return next(part for part in message.walk() if part.get_content_type() == "text/calendar")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_calendar_part_has_the_shape_outlook_google_and_apple_ask_for(
    db: None, method: str
) -> None:
    event = make_event(sequence=4, title_de="Plenum " + "ä" * 90, summary_de="Eins;\nzwei, drei")
    part = mailed(event, method)
    text = part.get_content()
    calendar: Any = Calendar.from_ical(text)
    entry = only(calendar)
    assert part.get_param("method") == calendar["METHOD"] == method
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert entry["UID"] == str(event.uid)
    assert entry["SEQUENCE"] == 7
    assert entry["DTSTAMP"].to_ical().endswith(b"Z")
    assert entry["DTSTART"].params["TZID"] == calendar.walk("VTIMEZONE")[0]["TZID"]
    assert entry["ATTENDEE"] == "mailto:guest@alpha.example"
    assert entry["ORGANIZER"] == "mailto:dialog@portal.example"
    assert entry["STATUS"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    assert not entry.errors
    assert "%%" not in text
    assert all(len(line.encode()) <= 75 for line in text.splitlines())


def test_request_asks_for_an_answer_and_after_yes_no_more(db: None) -> None:
    event = make_event()
    asked = only(Calendar.from_ical(mailed(event, "REQUEST").get_content()))["ATTENDEE"].params
    assert (asked["PARTSTAT"], asked["RSVP"]) == ("NEEDS-ACTION", "TRUE")
    told: Any = mailed(event, "REQUEST", confirmed=True, programme="Raum 1\nRaum 2")
    entry = only(Calendar.from_ical(told.get_content()))
    assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert entry["DESCRIPTION"].startswith("Raum 1\nRaum 2")
    gone = only(Calendar.from_ical(mailed(event, "CANCEL", confirmed=True).get_content()))
    assert "PARTSTAT" not in gone["ATTENDEE"].params
    assert calendars.for_attendees(make_event(date_precision="year"), "REQUEST") == ""


def test_reply_address_carries_the_sign_of_its_recipient(db: None, settings: Any) -> None:
    settings.CALENDAR_REPLY_ADDRESS = "dialog+*@portal.example"
    entry = only(Calendar.from_ical(mailed(make_event(), "REQUEST").get_content()))
    tag = address_tag("GUEST@alpha.example")
    assert entry["ORGANIZER"] == f"mailto:dialog+{tag}@portal.example"


def test_confirmed_entry_has_the_link_when_it_is_open(db: None) -> None:
    event = make_event(online_url="https://meet.example/secret", format="online")
    part = mailed(event, "REQUEST", confirmed=True, online=event.online_url)
    entry = only(Calendar.from_ical(part.get_content()))
    assert entry["LOCATION"] == event.online_url
    assert entry["CONFERENCE"] == event.online_url
