"""The day: tickets, marks from devices that may be offline, walk-ins."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import DomainError
from events import door_list
from events.choices import EventStatus, ParticipantGroup, RegistrationSource, RegistrationState
from events.models import CheckInMark, Event, Registration
from events.services import Mark, WalkIn, add_walk_in, check_in, store_marks
from events.tokens import make_registration_token, make_ticket_token, ticket_key
from tests.conftest import World
from tests.factories import make_event, make_registration, make_user


@pytest.fixture
def event(db: None) -> Event:
    return make_event(timezone.now() + timedelta(hours=1), slug="today", title_de="Plenum")


@pytest.fixture
def guest(event: Event) -> Registration:
    return make_registration(event, name="Łukasz Żółć", email="guest@x.example")


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return str(registration.state)


def seconds_ago(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def sync(client: Client, marks: list[dict[str, Any]], **more: Any) -> Any:
    body = {"sent_at": 1000.0, "marks": marks, **more}
    return client.post("/de/events/today/check-in/sync/", body, content_type="application/json")


def sent(registration: Registration, *, here: bool = True, at: float = 1000.0) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "registration": registration.pk,
        "is_present": here,
        "marked_at": at,
    }


# --- marks -----------------------------------------------------------------------------------


def test_mark_makes_attended_and_undo_takes_it_back(world: World, guest: Registration) -> None:
    check_in(user=world.staff, registration=guest, is_present=True)
    assert state(guest) == RegistrationState.ATTENDED
    assert guest.checked_in_at is not None
    check_in(user=world.staff, registration=guest, is_present=False)
    assert state(guest) == RegistrationState.REGISTERED
    assert guest.checked_in_at is None


def test_mark_that_is_sent_twice_counts_once(world: World, guest: Registration) -> None:
    mark = Mark(uuid4(), guest.pk, True)
    first = store_marks(user=world.staff, event=guest.event, marks=[mark, mark])
    again = store_marks(user=world.staff, event=guest.event, marks=[mark])
    assert [one.outcome for one in first + again] == ["stored", "known", "known"]
    assert CheckInMark.objects.count() == 1


def test_late_repetition_does_not_overrule_what_came_after(
    world: World, guest: Registration
) -> None:
    mark = Mark(uuid4(), guest.pk, True)
    store_marks(user=world.staff, event=guest.event, marks=[mark])
    check_in(user=world.staff, registration=guest, is_present=False)
    store_marks(user=world.staff, event=guest.event, marks=[mark])
    assert state(guest) == RegistrationState.REGISTERED


def test_late_mark_does_not_bring_back_who_was_removed_since(
    world: World, guest: Registration
) -> None:
    check_in(user=world.staff, registration=guest, is_present=True)
    Registration.objects.update(state=RegistrationState.CANCELLED)
    old = Mark(uuid4(), guest.pk, False, age=seconds_ago(600))
    store_marks(user=world.staff, event=guest.event, marks=[old])
    assert state(guest) == RegistrationState.CANCELLED


@pytest.mark.parametrize("later_first", [True, False])
def test_of_two_devices_the_later_mark_wins_whoever_sends_first(
    world: World, guest: Registration, later_first: bool
) -> None:
    earlier = Mark(uuid4(), guest.pk, True, age=seconds_ago(600))
    later = Mark(uuid4(), guest.pk, False, age=seconds_ago(60))
    check_in(user=world.staff, registration=guest, is_present=True)
    CheckInMark.objects.update(marked_at=timezone.now() - timedelta(hours=1))
    for mark in [later, earlier] if later_first else [earlier, later]:
        store_marks(user=world.staff, event=guest.event, marks=[mark])
    assert state(guest) == RegistrationState.REGISTERED
    assert CheckInMark.objects.count() == 3


def test_clock_of_the_device_cannot_reach_into_the_future(
    world: World, guest: Registration
) -> None:
    store_marks(
        user=world.staff,
        event=guest.event,
        marks=[Mark(uuid4(), guest.pk, True, age=timedelta(days=-400))],
    )
    mark = CheckInMark.objects.get()
    assert mark.marked_at <= mark.received_at


@pytest.mark.parametrize("clock", [0.0, 1e10])
def test_wrong_clock_of_a_device_does_no_harm(
    world: World, client: Client, guest: Registration, clock: float
) -> None:
    """Only how long ago it was counts, by the device's own clock."""
    client.force_login(world.staff)
    response = sync(client, [sent(guest, at=clock - 120)], sent_at=clock)
    assert response.status_code == 200
    age = timezone.now() - CheckInMark.objects.get().marked_at
    assert timedelta(seconds=115) < age < timedelta(seconds=180)


@pytest.mark.parametrize("before", [RegistrationState.WAITING, RegistrationState.OFFERED])
def test_waiting_people_are_let_in_only_on_purpose_and_go_back_to_their_place(
    world: World, event: Event, before: str
) -> None:
    since = timezone.now() - timedelta(days=3)
    expires = timezone.now() + timedelta(hours=1)
    waiting = make_registration(
        event, state=before, waiting_since=since, offer_expires_at=expires, name="Wartende"
    )
    with pytest.raises(DomainError, match="Wartende"):
        check_in(user=world.staff, registration=waiting, is_present=True)
    assert state(waiting) == before
    check_in(user=world.staff, registration=waiting, is_present=True, admit=True)
    assert state(waiting) == RegistrationState.ATTENDED
    check_in(user=world.staff, registration=waiting, is_present=False)
    assert state(waiting) == RegistrationState.WAITING
    assert waiting.waiting_since == since


def test_who_cancelled_and_comes_all_the_same_is_a_walk_in(world: World, event: Event) -> None:
    gone = make_registration(event, state=RegistrationState.CANCELLED)
    with pytest.raises(DomainError):
        check_in(user=world.staff, registration=gone, is_present=True)
    check_in(user=world.staff, registration=gone, is_present=True, admit=True)
    assert state(gone) == RegistrationState.ATTENDED
    assert gone.source == RegistrationSource.WALK_IN
    check_in(user=world.staff, registration=gone, is_present=False)
    assert state(gone) == RegistrationState.CANCELLED


def test_old_waiting_time_of_a_registered_person_does_not_send_them_back(
    world: World, event: Event
) -> None:
    moved_up = make_registration(event, waiting_since=timezone.now())
    check_in(user=world.staff, registration=moved_up, is_present=True)
    check_in(user=world.staff, registration=moved_up, is_present=False)
    assert state(moved_up) == RegistrationState.REGISTERED


@pytest.mark.parametrize(
    "change",
    [
        {"status": EventStatus.CANCELLED},
        {"starts_at": timezone.now() + timedelta(days=2), "ends_at": None},
        {"anonymised_at": timezone.now()},
    ],
)
def test_closed_check_in_takes_no_marks(
    world: World, guest: Registration, change: dict[str, Any]
) -> None:
    Event.objects.update(**change)
    with pytest.raises(DomainError):
        check_in(user=world.staff, registration=guest, is_present=True)
    assert state(guest) == RegistrationState.REGISTERED


# --- walk-ins --------------------------------------------------------------------------------


def test_walk_in_without_address_is_registered_and_present(world: World, event: Event) -> None:
    for name in ("Erste", "Zweite"):
        add_walk_in(user=world.staff, event=event, guest=WalkIn(uuid4(), name, cluster=world.beta))
    rows = Registration.objects.filter(source=RegistrationSource.WALK_IN)
    assert {row.state for row in rows} == {RegistrationState.ATTENDED}
    assert {row.cluster for row in rows} == {world.beta}


def test_walk_in_sent_twice_is_one_person(world: World, event: Event) -> None:
    guest = WalkIn(uuid4(), "Erste")
    first = add_walk_in(user=world.staff, event=event, guest=guest)
    assert add_walk_in(user=world.staff, event=event, guest=guest) == first
    assert Registration.objects.count() == 1


def test_walk_in_with_a_known_address_is_that_person(world: World, guest: Registration) -> None:
    found = add_walk_in(
        user=world.staff, event=guest.event, guest=WalkIn(uuid4(), "L. Zolc", "GUEST@x.example")
    )
    assert found == guest
    assert found.name == "Łukasz Żółć"
    assert state(guest) == RegistrationState.ATTENDED
    assert guest.source == RegistrationSource.PORTAL


# --- devices ---------------------------------------------------------------------------------


def test_device_gets_names_and_groups_but_no_addresses(
    world: World, client: Client, guest: Registration
) -> None:
    client.force_login(world.staff)
    answer = client.get("/de/events/today/check-in/sync/")
    (person,) = answer.json()["people"]
    assert person["name"] == "Łukasz Żółć"
    assert person["key"] == ticket_key(guest.pk)
    assert "guest@x.example" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_other_device_hears_of_a_mark_and_of_nothing_else(
    world: World, client: Client, event: Event, guest: Registration
) -> None:
    for _ in range(3):
        make_registration(event)
    Registration.objects.update(updated_at=timezone.now() - timedelta(minutes=5))
    client.force_login(world.staff)
    cursor = client.get("/de/events/today/check-in/sync/").json()["cursor"]
    other = Client()
    other.force_login(make_user(is_staff=True))
    answer = sync(other, [sent(guest)])
    assert [one["outcome"] for one in answer.json()["outcomes"]] == ["stored"]
    news = client.get("/de/events/today/check-in/sync/", {"since": cursor}).json()["people"]
    assert [(person["id"], person["at"] is not None) for person in news] == [(guest.pk, True)]


def test_device_hears_that_somebody_left_the_list(
    world: World, client: Client, guest: Registration
) -> None:
    client.force_login(world.staff)
    cursor = client.get("/de/events/today/check-in/sync/").json()["cursor"]
    guest.state = RegistrationState.CANCELLED
    guest.save()
    news = client.get("/de/events/today/check-in/sync/", {"since": cursor}).json()["people"]
    assert [person["state"] for person in news] == ["cancelled"]


def test_each_mark_is_answered_by_itself(world: World, client: Client, event: Event) -> None:
    here = make_registration(event)
    waiting = make_registration(
        event, state=RegistrationState.WAITING, waiting_since=timezone.now()
    )
    stranger = make_registration(make_event())
    client.force_login(world.staff)
    unreadable: list[Any] = [{"id": "no uuid"}, "nothing"]
    rows = [sent(here), sent(waiting), sent(stranger), *unreadable]
    outcomes = sync(client, rows).json()["outcomes"]
    assert [one["outcome"] for one in outcomes] == ["stored", "refused", "unknown"]
    assert state(stranger) == RegistrationState.REGISTERED


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"marks": 3}', b'{"marks": {}}'])
def test_unreadable_marks_are_refused_in_words(
    world: World, client: Client, event: Event, body: bytes
) -> None:
    client.force_login(world.staff)
    answer = client.post("/de/events/today/check-in/sync/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "malformed"


def test_walk_in_from_a_device_is_checked_and_stored_once(
    world: World, client: Client, event: Event
) -> None:
    client.force_login(world.staff)
    row = {"id": str(uuid4()), "name": "Gast", "email": "", "language": "en", "marked_at": 990.0}
    for _ in range(2):
        answer = sync(client, [], walk_ins=[row, {"id": "x", "name": "", "email": "no"}]).json()
        assert [one["outcome"] for one in answer["walk_ins"]] == ["stored", "refused"]
    assert Registration.objects.get().language == "en"


def test_marks_need_the_form_token_and_a_session(world: World, guest: Registration) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sync(client, [sent(guest)]).status_code == 403
    assert client.get("/de/events/today/check-in/sync/").status_code == 401
    client.force_login(world.staff)
    assert sync(client, [sent(guest)]).status_code == 403
    token = client.get("/de/events/today/check-in/sync/").json()["csrf"]
    answer = client.post(
        "/de/events/today/check-in/sync/",
        {"marks": [sent(guest)]},
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200
    assert state(guest) == RegistrationState.ATTENDED


@pytest.mark.parametrize("path", ["", "sync/"])
def test_list_asks_the_same_number_of_queries_for_2_and_20(
    world: World, client: Client, event: Event, path: str
) -> None:
    client.force_login(world.staff)
    numbers = []
    for more in (2, 18):
        for _ in range(more):
            make_registration(event, cluster=world.alpha)
        client.get(f"/de/events/today/check-in/{path}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/de/events/today/check-in/{path}").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_marks_of_2_and_20_people_take_the_same_number_of_queries(
    world: World, event: Event
) -> None:
    numbers = []
    for count in (2, 20):
        marks = [Mark(uuid4(), make_registration(event).pk, True) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            store_marks(user=world.staff, event=event, marks=marks)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# --- who may -----------------------------------------------------------------------------------


def test_team_of_the_event_checks_in_and_other_participants_do_not(
    world: World, client: Client, event: Event, guest: Registration
) -> None:
    helper = make_registration(
        event, user=world.member, group=ParticipantGroup.TEAM, email=world.member.email
    )
    make_registration(event, user=world.outsider, email=world.outsider.email)
    for user, expected in ((world.member, 200), (world.outsider, 403), (world.manager, 403)):
        client.force_login(user)
        assert client.get("/de/events/today/check-in/").status_code == expected
        assert client.get("/de/events/today/check-in/sync/").status_code == expected
        assert client.get("/de/events/today/check-in/worker.js").status_code == expected
    Registration.objects.filter(pk=helper.pk).update(state=RegistrationState.CANCELLED)
    client.force_login(world.member)
    assert client.get("/de/events/today/check-in/").status_code == 403


def test_camera_is_allowed_on_the_check_in_page_only(
    world: World, client: Client, event: Event
) -> None:
    client.force_login(world.staff)
    assert "camera=(self)" in client.get("/de/events/today/check-in/")["Permissions-Policy"]
    assert "camera=()" in client.get("/de/events/today/")["Permissions-Policy"]


# --- pages without script ----------------------------------------------------------------------


def test_list_is_searched_and_marked_with_plain_forms(
    world: World, client: Client, event: Event, guest: Registration
) -> None:
    make_registration(event, name="Other Person")
    client.force_login(world.staff)
    text = client.get("/de/events/today/check-in/", {"q": "łukasz"}).content.decode()
    assert "Łukasz Żółć" in text
    assert "Other Person" not in text
    way = "/de/events/today/check-in/?q=%C5%82"
    answer = client.post(f"/de/events/today/check-in/{guest.pk}/", {"is_present": "1", "next": way})
    assert answer.headers["Location"] == way
    assert state(guest) == RegistrationState.ATTENDED
    client.post(f"/de/events/today/check-in/{guest.pk}/", {"is_present": "0"})
    assert state(guest) == RegistrationState.REGISTERED


def test_way_back_stays_in_the_house(world: World, client: Client, guest: Registration) -> None:
    client.force_login(world.staff)
    answer = client.post(
        f"/de/events/today/check-in/{guest.pk}/", {"is_present": "1", "next": "//evil.example/"}
    )
    assert answer.headers["Location"] == "/de/events/today/check-in/"


def test_walk_in_form_says_what_is_missing_and_keeps_the_rest(
    world: World, client: Client, event: Event
) -> None:
    client.force_login(world.staff)
    page = client.get("/de/events/today/check-in/walk-in/").content.decode()
    key = re.search(r'name="id" value="([^"]+)"', page)
    assert key
    given = {"id": key[1], "name": "", "email": "gast@x.example", "language": "de"}
    answer = client.post("/de/events/today/check-in/walk-in/", given)
    assert answer.status_code == 422
    assert "gast@x.example" in answer.content.decode()
    for _ in range(2):
        given |= {"name": "Gast", "list_consent": "on"}
        assert client.post("/de/events/today/check-in/walk-in/", given).status_code == 302
    row = Registration.objects.get()
    assert (row.name, row.list_consent, row.state) == ("Gast", True, RegistrationState.ATTENDED)


# --- tickets -----------------------------------------------------------------------------------


def test_ticket_shows_the_person_to_strangers_and_the_button_to_staff(
    world: World, client: Client, guest: Registration
) -> None:
    url = f"/de/ticket/{make_ticket_token(guest.pk)}/"
    answer = client.get(url)
    text = answer.content.decode()
    assert "Łukasz Żółć" in text
    assert "<svg" in text
    assert "guest@x.example" not in text
    assert "is_present" not in text
    assert "noindex" in answer["X-Robots-Tag"]
    assert state(guest) == RegistrationState.REGISTERED
    client.force_login(world.outsider)
    assert "is_present" not in client.get(url).content.decode()
    client.force_login(world.staff)
    assert "is_present" in client.get(url).content.decode()
    assert state(guest) == RegistrationState.REGISTERED


def test_ticket_opens_no_registration_and_the_other_way_round(
    client: Client, guest: Registration
) -> None:
    """The code hangs on people's chests: a photo of it must not let anybody cancel."""
    assert client.get(f"/de/registration/{make_ticket_token(guest.pk)}/").status_code == 404
    assert client.get(f"/de/ticket/{make_registration_token(guest.pk)}/").status_code == 404


@pytest.mark.parametrize("change", ["id", "end", "case"])
def test_altered_ticket_leads_nowhere(client: Client, guest: Registration, change: str) -> None:
    other = make_registration(guest.event)
    number, _, signature = make_ticket_token(guest.pk).partition(".")
    altered = {
        "id": f"{other.pk}.{signature}",
        "end": f"{number}.{signature[:-1]}",
        "case": f"{number}.{signature.swapcase()}",
    }[change]
    assert client.get(f"/de/ticket/{altered}/").status_code == 404


def test_ticket_of_somebody_who_waits_says_so_and_has_no_code(
    world: World, client: Client, event: Event
) -> None:
    waiting = make_registration(
        event, state=RegistrationState.WAITING, waiting_since=timezone.now()
    )
    url = f"/de/ticket/{make_ticket_token(waiting.pk)}/"
    assert "cd-ticket__code" not in client.get(url).content.decode()
    client.force_login(world.staff)
    assert 'name="admit"' in client.get(url).content.decode()


def test_ticket_ends_with_the_names(client: Client, guest: Registration) -> None:
    Event.objects.update(anonymised_at=timezone.now())
    assert client.get(f"/de/ticket/{make_ticket_token(guest.pk)}/").status_code == 404


def test_counts_say_who_is_there_and_who_is_expected(world: World, event: Event) -> None:
    make_registration(event, state=RegistrationState.ATTENDED)
    make_registration(event, group=ParticipantGroup.SPEAKER)
    make_registration(event, state=RegistrationState.WAITING, waiting_since=timezone.now())
    found = [(row.group, row.present, row.expected) for row in door_list.counts(event)]
    assert found == [("", 1, 2), ("participant", 1, 1), ("speaker", 0, 1)]


def test_signing_out_makes_the_browser_forget_the_list(world: World, client: Client) -> None:
    client.force_login(world.staff)
    assert "Clear-Site-Data" not in client.get("/de/account/logout/")
    assert client.post("/de/account/logout/")["Clear-Site-Data"] == '"storage"'


def test_own_page_leads_the_team_to_the_door_and_those_who_were_there_to_the_certificate(
    world: World, client: Client, event: Event
) -> None:
    helper = make_registration(
        event, user=world.member, group=ParticipantGroup.TEAM, email=world.member.email
    )
    url = f"/de/registration/{make_registration_token(helper.pk)}/"
    assert "/check-in/" not in client.get(url).content.decode()
    client.force_login(world.member)
    text = client.get(url).content.decode()
    assert "/events/today/check-in/" in text
    assert "certificate.pdf" not in text
    check_in(user=world.member, registration=helper, is_present=True)
    certificate = f"/ticket/{make_ticket_token(helper.pk)}/certificate.pdf"
    assert certificate in client.get(url).content.decode()
