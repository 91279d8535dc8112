"""Actions of the minutes: reminded of until they are done."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import OutgoingMail
from events import services
from events.choices import AccessLevel, MinutesKind
from events.models import Event
from tests.conftest import World
from tests.factories import make_action, make_event, make_membership

DUE = date(2027, 5, 26)
DASHBOARD = "dialog:dashboard"


@pytest.fixture
def event(world: World) -> Event:
    start = timezone.now() - timedelta(days=2)
    return make_event(start, minutes_published_at=timezone.now())


def remind_on(day: date) -> int:
    """Let beat come by on a day; return how many mails are written."""
    before = OutgoingMail.objects.count()
    with time_machine.travel(f"{day.isoformat()}T07:30:00+02:00", tick=False):
        services.remind_of_actions()
    return OutgoingMail.objects.count() - before


def test_owner_is_reminded_a_week_before_on_the_day_and_weekly_after(
    world: World, event: Event
) -> None:
    make_action(event, world.alpha, due_on=DUE)
    reminded = [
        offset
        for offset in range(-10, 25)
        for _again in range(2)
        if remind_on(DUE + timedelta(days=offset))
    ]
    assert reminded == [-7, 0, 7, 14, 21]


def test_missed_runs_are_made_up_for(world: World, event: Event) -> None:
    make_action(event, world.alpha, due_on=DUE)
    assert remind_on(DUE - timedelta(days=3)) == 1
    assert remind_on(DUE + timedelta(days=2)) == 1
    assert remind_on(DUE + timedelta(days=8)) == 0
    assert remind_on(DUE + timedelta(days=9)) == 1


def test_a_person_gets_one_mail_about_all_their_clusters(world: World, event: Event) -> None:
    make_membership(world.manager, world.beta)
    for owner in (world.alpha, world.alpha, world.beta):
        make_action(event, owner, due_on=DUE, text=f"Für {owner.name}")
    assert remind_on(DUE) == 2
    mail = OutgoingMail.objects.select_related("content").get(to=world.manager.email)
    assert mail.content.text.count("Für Alpha") == 2
    assert "Für Beta" in mail.content.text
    other = OutgoingMail.objects.select_related("content").get(to=world.outsider.email)
    assert "Für Alpha" not in other.content.text
    assert not OutgoingMail.objects.filter(to=world.member.email).exists()


def test_nobody_is_reminded_of_what_is_done_hidden_or_nobodys(world: World, event: Event) -> None:
    make_action(event, world.alpha, due_on=DUE, state="done")
    make_action(event, world.alpha, due_on=DUE, level=AccessLevel.STAFF)
    make_action(event, world.alpha, due_on=None)
    make_action(event, None, due_on=DUE)
    make_action(make_event(), world.alpha, due_on=DUE)
    assert remind_on(DUE) == 0


def test_new_day_starts_the_reminders_anew(world: World, event: Event) -> None:
    action = make_action(event, world.alpha, due_on=DUE)
    assert remind_on(DUE) == 1
    values = services.ItemValues(
        action.text, kind=MinutesKind.ACTION, owner=world.alpha, due_on=DUE + timedelta(days=60)
    )
    services.save_item(user=world.staff, item=action, version=1, values=values)
    assert remind_on(DUE + timedelta(days=7)) == 0
    assert remind_on(DUE + timedelta(days=53)) == 1


def test_manager_sees_open_actions_and_sets_them_done_and_back(
    world: World, event: Event, client: Client
) -> None:
    action = make_action(event, world.alpha, text="Kontakt herstellen")
    address = reverse("events:action-done", args=[action.pk])
    client.force_login(world.manager)
    assert "Kontakt herstellen" in client.get(reverse(DASHBOARD)).content.decode()
    assert client.get(address).status_code == 405
    client.post(address)
    action.refresh_from_db()
    assert action.state == "done"
    client.get(reverse(DASHBOARD))
    assert "Kontakt herstellen" not in client.get(reverse(DASHBOARD)).content.decode()
    client.post(address, {"undo": "1"})
    action.refresh_from_db()
    assert action.state == "open"


def test_only_managers_of_the_owner_and_staff_set_it_done(world: World, event: Event) -> None:
    action = make_action(event, world.alpha)
    address = reverse("events:action-done", args=[action.pk])
    for person, status in ((world.outsider, 404), (world.member, 404), (world.staff, 302)):
        client = Client()
        client.force_login(person)
        assert client.post(address).status_code == status


def test_address_to_return_to_stays_in_the_house(world: World, event: Event) -> None:
    action, client = make_action(event, world.alpha), Client()
    client.force_login(world.manager)
    address = reverse("events:action-done", args=[action.pk])
    response = client.post(address, {"next": "https://elsewhere.example/"})
    assert response.headers["Location"] == reverse(DASHBOARD)


def test_staff_lists_actions_of_all_events_and_finds_the_late_ones(
    world: World, event: Event, client: Client
) -> None:
    today = timezone.localdate()
    make_action(event, world.alpha, text="Zu spät", due_on=today - timedelta(days=1))
    make_action(make_event(), world.beta, text="Noch Zeit", due_on=today)
    make_action(event, None, text="Niemands Sache")
    client.force_login(world.staff)
    page = reverse("events:action-list")
    listed = {
        which: [a.text for a in client.get(page, {"show": which}).context["page_obj"]]
        for which in ("open", "overdue", "unowned", "done")
    }
    assert listed["open"] == ["Zu spät", "Noch Zeit", "Niemands Sache"]
    assert listed["overdue"] == ["Zu spät"]
    assert listed["unowned"] == ["Niemands Sache"]
    assert listed["done"] == []


def test_list_of_actions_needs_the_same_number_of_queries(
    world: World, event: Event, client: Client
) -> None:
    client.force_login(world.staff)
    counted = []
    client.get(reverse("events:action-list"))
    for number in (2, 20):
        while event.minutes.count() < number:
            make_action(event, world.alpha)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("events:action-list"))
        counted.append(len(queries))
    assert counted[0] == counted[1]
