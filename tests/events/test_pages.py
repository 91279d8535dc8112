"""The public pages of events: who sees what, and how exactly."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from events.choices import DatePrecision, EventFormat, EventStatus, SessionPart
from events.models import Event, Session
from tests.conftest import World
from tests.factories import make_event, make_field, make_topic

LIST = "/de/events/"


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.SUBMITTED, EventStatus.DECLINED])
def test_outsider_and_visitor_cannot_see_unpublished_event(world: World, status: str) -> None:
    event = make_event(status=status, proposed_by=world.alpha, title_de="Geheimes Treffen")
    for person in (None, world.outsider):
        client = Client()
        if person:
            client.force_login(person)
        assert client.get(event.get_absolute_url()).status_code == 404
        assert "Geheimes Treffen" not in page(client, LIST)
        assert client.get(f"/events/{event.slug}.ics").status_code == 404
        assert "Geheimes" not in client.get("/events.ics").content.decode()
        assert "Geheimes" not in client.get("/events.atom").content.decode()


def test_members_of_the_proposing_cluster_and_staff_see_the_proposal(world: World) -> None:
    event = make_event(status=EventStatus.SUBMITTED, proposed_by=world.alpha)
    for person in (world.manager, world.member, world.staff):
        client = Client()
        client.force_login(person)
        assert client.get(event.get_absolute_url()).status_code == 200


def test_drafts_stay_out_of_the_public_list_even_for_staff(world: World, client: Client) -> None:
    make_event(status=EventStatus.DRAFT, title_de="Entwurf")
    client.force_login(world.staff)
    assert "Entwurf" not in page(client, LIST)


@pytest.mark.parametrize(
    ("precision", "shown", "hidden"),
    [
        (DatePrecision.TIME, "26. Mai 2020, 14:00–17:15 Uhr", "Nur der"),
        (DatePrecision.DAY, "26. Mai 2020", "14:00"),
        (DatePrecision.MONTH, "Mai 2020", "26. Mai"),
        (DatePrecision.YEAR, "2020", "Mai"),
    ],
)
def test_dates_are_shown_only_as_precisely_as_known(
    db: None, client: Client, precision: str, shown: str, hidden: str
) -> None:
    event = make_event(
        datetime(2020, 5, 26, 12, tzinfo=UTC),
        ends_at=datetime(2020, 5, 26, 15, 15, tzinfo=UTC),
        date_precision=precision,
        slug="treffen",
    )
    for text in (page(client, event.get_absolute_url()), page(client, f"{LIST}?when=past")):
        main = text[text.index("<main") : text.index("</main>")]
        assert shown in main
        assert hidden not in main


def test_calendar_file_is_only_offered_when_the_day_is_known(db: None, client: Client) -> None:
    event = make_event(date_precision=DatePrecision.MONTH)
    assert f"{event.slug}.ics" not in page(client, event.get_absolute_url())
    assert client.get(f"/events/{event.slug}.ics").status_code == 404


def test_upcoming_and_past_are_told_apart_by_the_end_of_what_is_known(
    db: None, client: Client
) -> None:
    now = timezone.now()
    make_event(now - timedelta(hours=1), title_de="Läuft noch", ends_at=now + timedelta(hours=1))
    make_event(now - timedelta(hours=3), title_de="Schon aus", ends_at=now - timedelta(hours=1))
    first = timezone.localtime().replace(month=1, day=1, hour=0, minute=0)
    make_event(first, title_de="Irgendwann", ends_at=None, date_precision=DatePrecision.YEAR)
    upcoming, past = page(client, LIST), page(client, f"{LIST}?when=past")
    assert "Läuft noch" in upcoming
    assert "Irgendwann" in upcoming
    assert "Schon aus" not in upcoming
    assert "Schon aus" in past
    assert "Läuft noch" not in past


def test_filters_narrow_and_can_be_removed_one_by_one(db: None, client: Client) -> None:
    field, topic = make_field(), make_topic()
    wanted = make_event(title_de="Gesucht", format=EventFormat.ONLINE, region="EU")
    wanted.innovation_fields.add(field)
    wanted.topics.add(topic)
    make_event(title_de="Etwas anderes")
    query = f"field={field.code}&format=online&topic={topic.slug}&region=EU&kind=exchange"
    text = page(client, f"{LIST}?{query}")
    assert "Gesucht" in text
    assert "Etwas anderes" not in text
    assert text.count('class="cd-chip"') == 5


def test_an_event_with_several_fields_is_listed_once(db: None, client: Client) -> None:
    fields = [make_field(), make_field()]
    event = make_event(title_de="Einmal bitte")
    event.innovation_fields.set(fields)
    query = "&".join(f"field={field.code}" for field in fields)
    assert page(client, f"{LIST}?{query}").count("Einmal bitte") == 1


def test_nonsense_in_the_address_does_not_break_the_list(db: None, client: Client) -> None:
    make_event()
    for query in ("page=x", "page=999", "view=month&month=99999-99", "when=never", "month=²-³"):
        assert client.get(f"{LIST}?{query}").status_code == 200


def test_month_view_shows_an_event_on_each_of_its_days(db: None, client: Client) -> None:
    make_event(
        datetime(2027, 5, 30, 8, tzinfo=UTC),
        ends_at=datetime(2027, 6, 1, 15, tzinfo=UTC),
        title_de="Dreitägig",
    )
    make_event(
        datetime(2027, 5, 1, tzinfo=UTC),
        ends_at=None,
        date_precision=DatePrecision.MONTH,
        title_de="Tag offen",
    )
    may = page(client, f"{LIST}?view=month&month=2027-05")
    assert may.count("Dreitägig") == 2
    assert may.count("Tag offen") == 1
    assert "month=2027-04" in may
    assert "month=2027-06" in may
    june = page(client, f"{LIST}?view=month&month=2027-06")
    assert june.count("Dreitägig") == 1
    assert "Tag offen" not in june


def programme(event: Event) -> None:
    start = event.starts_at

    def add(code: str, part: str, minutes: int | None, **fields: object) -> None:
        Session.objects.create(
            event=event,
            code=code,
            part=part,
            position=event.sessions.count(),
            title_de=f"Teil {code}",
            starts_at=None if minutes is None else start + timedelta(minutes=minutes),
            **fields,
        )

    add("start", SessionPart.PLENARY, 0)
    add("open", SessionPart.PLENARY, None)
    add("pause", SessionPart.BREAK, 45)
    for run in (1, 2):
        for track in (1, 2, 3):
            add(f"w{run}-{track}", SessionPart.PARALLEL, 50 * run, run=run, track=track)


def test_programme_shows_two_runs_of_three_workshops_and_unknown_times(
    db: None, client: Client
) -> None:
    event = make_event()
    programme(event)
    text = page(client, event.get_absolute_url())
    assert text.count("cd-run--3") == 2
    assert text.count('class="cd-run__workshop"') == 6
    assert text.index("Teil start") < text.index("Teil open") < text.index("Teil w1-1")
    assert text.count('class="cd-slot__time"') == 5


def test_cancelled_event_stays_readable_and_says_why(db: None, client: Client) -> None:
    event = make_event(status=EventStatus.CANCELLED, status_reason="Der Saal ist gesperrt.")
    assert "Der Saal ist gesperrt." in page(client, event.get_absolute_url())


def test_online_link_is_shown_to_the_registered_only(world: World, client: Client) -> None:
    event = make_event(online_url="https://meet.example/geheim")
    assert "meet.example" not in page(client, event.get_absolute_url())
    client.force_login(world.manager)
    assert "meet.example" not in page(client, event.get_absolute_url())
    client.post(f"/de/events/{event.slug}/register/", {"name": "A Manager"})
    assert "meet.example" in page(client, event.get_absolute_url())


@pytest.mark.parametrize("query", ["?when=upcoming", "?view=month"])
def test_list_costs_the_same_for_two_and_twenty(
    db: None, client: Client, django_assert_max_num_queries: object, query: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, LIST + query)
        return len(queries)

    field = make_field()
    start = timezone.now() + timedelta(minutes=5)
    for _ in range(2):
        make_event(start).innovation_fields.add(field)
    few = cost()
    for _ in range(18):
        make_event(start).innovation_fields.add(field)
    assert cost() == few


def test_detail_costs_the_same_for_two_and_twenty_sessions(world: World, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(event: Event) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, event.get_absolute_url())
        return len(queries)

    small, large = make_event(), make_event()
    for event, count in ((small, 2), (large, 20)):
        for number in range(count):
            Session.objects.create(event=event, code=f"s{number}", part="plenary", title_de="x")
            event.topics.add(make_topic())
        event.clusters.add(world.alpha)
    assert cost(large) == cost(small)
