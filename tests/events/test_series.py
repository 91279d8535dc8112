"""Copies keep the plan and nothing of the people; series keep the hour on the clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from core.errors import DomainError
from events.choices import EventStatus, MailOccasion
from events.models import Event, EventSeries, Invitation, Registration
from events.recurrence import Rhythm, dates_of, shifted
from events.services import clone_event, repeat_event
from tests.conftest import World
from tests.factories import (
    make_event,
    make_field,
    make_minutes_item,
    make_question,
    make_registration,
    make_term,
    make_topic,
    make_workshops,
)

BERLIN = ZoneInfo("Europe/Berlin")


def at(year: int, month: int, day: int, hour: int = 14) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BERLIN)


def sign_in(world: World) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def full_event(world: World) -> Event:
    event = make_event(
        at(2027, 3, 15),
        ends_at=at(2027, 3, 15, 17),
        slug="e",
        title_de="Plenum",
        capacity=50,
        registration_closes_at=at(2027, 3, 10, 23),
        announced={"x": 1},
        sequence=7,
        proposed_by=world.alpha,
    )
    make_workshops(event)
    event.topics.add(make_topic())
    event.innovation_fields.add(make_field())
    event.terms.add(make_term())
    event.clusters.add(world.beta)
    make_question(event, "choice")
    event.mail_texts.create(occasion=MailOccasion.REMINDER, language="de", subject="S", body="B")
    make_registration(event)
    Invitation.objects.create(event=event, email="a@x.example")
    make_minutes_item(event)
    return event


def test_a_copy_has_the_plan_and_none_of_the_people(world: World) -> None:
    event = full_event(world)
    copy = clone_event(user=world.staff, event=event, starts_at=at(2027, 6, 14))
    copy = Event.objects.get(pk=copy.pk)
    assert copy.status == EventStatus.DRAFT
    assert (copy.capacity, copy.title, copy.sequence, copy.announced) == (50, "Plenum", 0, {})
    assert copy.uid != event.uid
    assert copy.slug != event.slug
    # March is winter time, June is summer time: the clock shows the same.
    assert timezone.localtime(copy.ends_at).hour == 17
    assert timezone.localtime(copy.registration_closes_at).isoformat()[:16] == "2027-06-09T23:00"
    assert copy.sessions.count() == 6
    parts = zip(event.sessions.all(), copy.sessions.all(), strict=True)
    for old, new in parts:
        assert (old.code, old.workshop, old.room) == (new.code, new.workshop, new.room)
        assert timezone.localtime(new.starts_at).time() == timezone.localtime(old.starts_at).time()
        assert timezone.localtime(new.starts_at).date().isoformat() == "2027-06-14"
    for name in ("topics", "terms", "clusters", "innovation_fields"):
        assert list(getattr(copy, name).all()) == list(getattr(event, name).all())
    assert copy.questions.get().options_de == ["Eins", "Zwei"]
    assert copy.mail_texts.get().subject == "S"
    for name in ("registrations", "invitations", "minutes", "documents"):
        assert not getattr(copy, name).exists()
    assert copy.proposed_by is None
    assert event.questions.count() == event.mail_texts.count() == 1
    assert Registration.objects.count() == 1


def test_the_page_copies_and_goes_on_to_edit(world: World) -> None:
    full_event(world)
    client = sign_in(world)
    assert "Plenum" in client.get("/de/events/e/clone/").content.decode()
    data = {"title_de": "Sommerplenum", "starts_at": "2027-06-14T10:00"}
    response = client.post("/de/events/e/clone/", data)
    copy = Event.objects.get(title_de="Sommerplenum")
    assert response.headers["Location"] == f"/de/events/{copy.slug}/edit/"
    assert copy.slug == "sommerplenum-2027"


@pytest.mark.parametrize(
    ("start", "rhythm", "every", "expected"),
    [
        (at(2027, 3, 15), Rhythm.WEEKS, 2, ["2027-03-29", "2027-04-12", "2027-04-26"]),
        (at(2027, 1, 31), Rhythm.MONTHS, 1, ["2027-02-28", "2027-03-31", "2027-04-30"]),
        (at(2027, 11, 30), Rhythm.MONTHS, 3, ["2028-02-29", "2028-05-30", "2028-08-30"]),
        (at(2027, 5, 11), Rhythm.WEEKDAYS, 3, ["2027-08-10", "2027-11-09", "2028-02-08"]),
        (at(2027, 3, 29), Rhythm.WEEKDAYS, 1, ["2027-04-26", "2027-05-31", "2027-06-28"]),
    ],
)
def test_dates_of_a_series(
    start: datetime, rhythm: Rhythm, every: int, expected: list[str]
) -> None:
    found = dates_of(start, rhythm, every, 3)
    assert [day.isoformat()[:10] for day in found] == expected
    assert {timezone.localtime(day).hour for day in found} == {14}
    if rhythm != Rhythm.MONTHS:
        assert {day.weekday() for day in found} == {start.weekday()}


def test_a_time_that_summer_time_skips_comes_an_hour_later() -> None:
    [moment] = dates_of(at(2027, 2, 28, 2).replace(minute=30), Rhythm.MONTHS, 1, 1)
    assert moment.isoformat()[:10] == "2027-03-28"
    assert moment.astimezone(UTC).isoformat() == "2027-03-28T01:30:00+00:00"
    assert timezone.localtime(moment).hour == 3


def test_shifting_keeps_the_clock_over_the_end_of_summer_time() -> None:
    moved = shifted(at(2027, 10, 25, 17), at(2027, 10, 25), at(2027, 11, 8))
    assert timezone.localtime(moved).isoformat() == "2027-11-08T17:00:00+01:00"


def test_repeating_makes_a_series_of_drafts_once(world: World) -> None:
    event = full_event(world)
    starts = dates_of(event.starts_at, Rhythm.WEEKDAYS, 3, 4)
    made = repeat_event(user=world.staff, event=event, starts=starts, title="Quartalsplenum")
    assert len(made) == 4
    series = EventSeries.objects.get()
    assert series.title_de == "Quartalsplenum"
    assert series.events.count() == 5
    assert {copy.status for copy in made} == {EventStatus.DRAFT}
    with pytest.raises(DomainError):
        repeat_event(user=world.staff, event=event, starts=starts, title="Quartalsplenum")
    more = dates_of(event.starts_at, Rhythm.WEEKDAYS, 3, 5)
    assert len(repeat_event(user=world.staff, event=event, starts=more)) == 1
    assert EventSeries.objects.count() == 1


def test_the_page_shows_weekdays_before_anything_is_made(world: World) -> None:
    full_event(world)
    client = sign_in(world)
    data = {"every": "3", "rhythm": "weekdays", "times": "2", "title": "Quartalsplenum"}
    text = client.post("/de/events/e/repeat/", data).content.decode()
    assert "Montag, 21. Juni 2027, 14:00–17:00" in text
    assert "Montag, 20. September 2027, 14:00–17:00" in text
    assert Event.objects.count() == 1
    response = client.post("/de/events/e/repeat/", {**data, "confirm": "1"})
    series = EventSeries.objects.get()
    assert response.headers["Location"] == f"/de/events/manage/?series={series.pk}"
    assert Event.objects.count() == 3
    assert client.get(response.headers["Location"]).content.decode().count("Plenum</a>") == 3
    again = client.post("/de/events/e/repeat/", {**data, "confirm": "1"})
    assert again.status_code == 422
    assert Event.objects.count() == 3


@pytest.mark.parametrize("wrong", [{"every": "0"}, {"times": "53"}, {"rhythm": "daily"}])
def test_nonsense_makes_no_series(world: World, wrong: dict[str, str]) -> None:
    full_event(world)
    data = {"every": "3", "rhythm": "weeks", "times": "2", "title": "T", "confirm": "1", **wrong}
    assert sign_in(world).post("/de/events/e/repeat/", data).status_code == 422
    assert Event.objects.count() == 1


def test_a_series_shows_visitors_its_public_events_only(world: World, client: Client) -> None:
    from django.template import Context, Template
    from django.test import RequestFactory

    series = EventSeries.objects.create(title_de="Reihe")
    event = make_event(series=series)
    make_event(series=series, title_de="Öffentlich")
    make_event(series=series, title_de="Geheim", status=EventStatus.DRAFT)
    template = Template("{% load plan_tags %}{% event_series event %}")

    def shown(user: object) -> str:
        request = RequestFactory().get("/")
        request.user = user  # type: ignore[assignment]
        return template.render(Context({"event": event, "request": request}))

    assert "Öffentlich" in shown(world.outsider)
    assert "Geheim" not in shown(world.outsider)
    assert "Geheim" in shown(world.staff)
