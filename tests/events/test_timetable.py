"""The programme as a timetable, on paper, and who sees the links in it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from events.access import can_see_online_link
from events.choices import ChoiceMode, DatePrecision, EventStatus, PlaceState, RegistrationState
from events.models import Event, Registration, Session, SessionPlace
from events.timetable import build
from tests.conftest import World
from tests.factories import make_event, make_registration, make_user, make_workshops

LINK = "https://meet.example/secret-room"


def page(client: Client, event: Event, part: str = "programme/") -> str:
    response = client.get(f"{event.get_absolute_url()}{part}")
    assert response.status_code == 200
    return response.content.decode()


def test_runs_stand_side_by_side_in_order_of_track(db: None) -> None:
    event = make_event()
    make_workshops(event, workshops=5, runs=2)
    event.sessions.create(code="end", part="plenary", title_de="Ende", position=99)
    [day] = build(event.sessions.all())
    assert [block.run for block in day.blocks] == [1, 2, None]
    assert [session.track for session in day.blocks[0].sessions] == [1, 2, 3, 4, 5]
    assert day.blocks[0].columns == "many"
    assert day.blocks[0].same_time


def test_workshops_of_different_length_say_their_own_time(db: None, client: Client) -> None:
    event = make_event()
    first, *_ = make_workshops(event, workshops=2, runs=1)
    Session.objects.filter(pk=first.pk).update(ends_at=first.ends_at + timedelta(minutes=20))  # type: ignore[operator]
    [day] = build(event.sessions.all())
    assert not day.blocks[0].same_time
    assert day.blocks[0].ends_at == first.ends_at + timedelta(minutes=20)  # type: ignore[operator]
    text = page(client, event)
    assert f"{timezone.localtime(first.ends_at + timedelta(minutes=20)):%H:%M} Uhr" in text  # type: ignore[operator,arg-type]


def test_what_takes_place_now_is_marked_while_the_event_runs(db: None, client: Client) -> None:
    now = timezone.now()
    event = make_event(now - timedelta(minutes=10))
    for code, begin in (("a", -10), ("b", 50)):
        event.sessions.create(
            code=code,
            part="plenary",
            title_de=code,
            starts_at=now + timedelta(minutes=begin),
            ends_at=now + timedelta(minutes=begin + 60),
        )
    assert page(client, event).count('aria-current="time"') == 1
    later = make_event()
    later.sessions.create(code="a", part="plenary", title_de="a", starts_at=later.starts_at)
    assert 'aria-current="time"' not in page(client, later)


def test_free_places_are_shown_where_people_choose_themselves(db: None, client: Client) -> None:
    event = make_event(choice_mode=ChoiceMode.FIRST_COME)
    session, full, *_ = make_workshops(event, runs=1, capacity=1)
    Session.objects.filter(pk=session.pk).update(capacity=3)
    for where, state in [
        (session, PlaceState.HELD),
        (session, PlaceState.WAITING),
        (full, PlaceState.HELD),
    ]:
        SessionPlace.objects.create(
            session=where, registration=make_registration(event), state=state
        )
    text = page(client, event)
    assert "2 von 3 Plätzen frei" in text
    assert text.count("Alle Plätze sind vergeben") == 1
    Event.objects.update(choice_mode=ChoiceMode.NONE)
    assert "von 3 Plätzen" not in page(client, event)


def test_the_programme_has_a_page_for_printing(db: None, client: Client) -> None:
    event = make_event()
    assert "steht noch nicht fest" in page(client, event)
    make_workshops(event)
    text = page(client, event)
    assert "data-cd-print" in text
    assert 'media="print"' in text
    assert text.count('class="cd-run__workshop"') == 6
    assert f"/de/events/{event.slug}/programme/" in page(client, event, "")
    draft = make_event(status=EventStatus.DRAFT)
    assert client.get(f"/de/events/{draft.slug}/programme/").status_code == 404


def test_each_timed_part_has_its_calendar_file(db: None, client: Client) -> None:
    event = make_event()
    make_workshops(event, runs=1)
    text = page(client, event)
    assert text.count(".ics?language=de") == 3
    answer = client.get(f"/events/{event.slug}/a1.ics")
    assert b"LOCATION:R1" in answer.content


def test_programme_costs_the_same_for_two_and_twenty(world: World, client: Client) -> None:
    def cost(event: Event) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, event)
        return len(queries)

    client.force_login(world.manager)
    events = []
    for workshops in (1, 10):
        event = make_event(choice_mode=ChoiceMode.FIRST_COME)
        make_workshops(event, workshops=workshops, runs=2)
        event.sessions.update(online_url=LINK)
        events.append(event)
    cost(events[0])
    assert cost(events[0]) == cost(events[1])


# --- links for taking part online ------------------------------------------------------------


def link_event(**fields: object) -> tuple[Event, Session]:
    values = {"online_url": LINK, **fields}
    event = make_event(values.pop("starts_at", None), **values)  # type: ignore[arg-type]
    session = event.sessions.create(
        code="a", part="plenary", title_de="Teil", online_url=f"{LINK}-part"
    )
    return event, session


@pytest.mark.parametrize("state", RegistrationState.values)
def test_only_those_who_take_part_see_the_link(world: World, state: str) -> None:
    event, session = link_event()
    expires = timezone.now() + timedelta(days=1)
    registration = make_registration(
        event,
        user=world.member,
        state=state,
        offer_expires_at=expires if state == RegistrationState.OFFERED else None,
    )
    expected = state in (RegistrationState.REGISTERED, RegistrationState.ATTENDED)
    for who in (world.member, registration):
        assert can_see_online_link(who, event) is expected
        assert can_see_online_link(who, session) is expected


def test_a_place_elsewhere_or_of_somebody_else_opens_nothing(world: World) -> None:
    event, session = link_event()
    elsewhere = make_registration(make_event(), user=world.member)
    make_registration(event, user=world.outsider)
    for who in (None, world.member, world.staff, elsewhere):
        assert not can_see_online_link(who, event)
        assert not can_see_online_link(who, session)
    assert can_see_online_link(world.outsider, event)


@pytest.mark.parametrize(
    ("hours", "lead", "expected"),
    [(5, None, True), (5, 4, False), (5, 6, True), (5, 0, False), (-1, 0, True)],
)
def test_the_link_opens_so_many_hours_before_the_beginning(
    world: World, hours: int, lead: int | None, expected: bool
) -> None:
    event, session = link_event(
        starts_at=timezone.now() + timedelta(hours=hours), online_lead_hours=lead
    )
    registration = make_registration(event)
    assert can_see_online_link(registration, event) is expected
    assert can_see_online_link(registration, session) is expected


@pytest.mark.parametrize(
    "fields",
    [
        {"status": EventStatus.CANCELLED},
        {"status": EventStatus.DRAFT},
        {"starts_at": timezone.now() - timedelta(days=2)},
        {"date_precision": DatePrecision.MONTH, "online_lead_hours": 9000},
    ],
)
def test_no_link_for_what_is_over_off_or_not_dated(world: World, fields: dict[str, object]) -> None:
    event, _ = link_event(**fields)
    assert not can_see_online_link(make_registration(event), event)


def links_seen(event: Event, user: User | None, path: str) -> bool:
    client = Client()
    if user is not None:
        client.force_login(user)
    return "meet.example" in client.get(path).content.decode()


def test_pages_show_links_to_participants_from_the_set_time_on(world: World) -> None:
    event, _ = link_event(online_lead_hours=24, slug="e")
    registered: Registration = make_registration(event, user=world.member)
    for path in ("/de/events/e/programme/",):
        assert not links_seen(event, world.member, path)
    Event.objects.update(online_lead_hours=24 * 30)
    assert links_seen(event, world.member, "/de/events/e/programme/")
    for other in (None, world.outsider, make_user("somebody@x.example"), world.staff):
        assert not links_seen(event, other, "/de/events/e/programme/")
    registered.state = RegistrationState.CANCELLED
    registered.save()
    assert not links_seen(event, world.member, "/de/events/e/programme/")


def test_nothing_public_ever_has_a_link(world: World) -> None:
    event, _ = link_event(slug="e")
    event.sessions.update(starts_at=event.starts_at)
    make_registration(event, user=world.member)
    for path in (
        "/events/e.ics",
        "/events/e/a.ics",
        "/events.ics",
        "/events.atom",
        "/api/v1/events/e/",
        "/api/v1/events/",
        "/api/v1/sessions/",
        "/de/events/",
    ):
        for user in (None, world.member, world.staff):
            client = Client()
            if user is not None:
                client.force_login(user)
            response = client.get(path)
            assert response.status_code == 200, path
            assert b"meet.example" not in response.content, path
