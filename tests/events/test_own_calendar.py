"""A person's own calendar: complete, private, and gone when it is revoked."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from events.choices import Answer, EventStatus, PlaceState, RegistrationState
from events.models import CalendarFeed, Event, Invitation, Registration, Session
from events.services import make_feed, renew_feed, revoke_feed
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import make_event, make_field, make_registration, make_topic, make_user


def address(user: User) -> str:
    return f"/calendar/{make_feed(user=user).secret}.ics"


def entries(client: Client, url: str) -> dict[str, Any]:
    response = client.get(url)
    assert response.status_code == 200
    found = Calendar.from_ical(response.content).walk("VEVENT")
    assert len({str(one["UID"]) for one in found}) == len(found)
    return {str(one["SUMMARY"]): one for one in found}


def workshop(event: Event, code: str, **fields: Any) -> Session:
    session: Session = event.sessions.create(
        code=code,
        part="parallel",
        title_de=f"Werkstatt {code}",
        starts_at=event.starts_at,
        **fields,
    )
    return session


def test_calendar_holds_what_the_person_takes_part_in(world: World, client: Client) -> None:
    user = world.manager
    sure = make_event(title_de="Sicher")
    registration = make_registration(sure, user=user)
    registration.places.create(session=workshop(sure, "a"), state=PlaceState.HELD)
    registration.places.create(session=workshop(sure, "b"), state=PlaceState.WAITING)
    make_registration(
        make_event(title_de="Wartet"),
        user=user,
        state=RegistrationState.WAITING,
        waiting_since=timezone.now(),
    )
    make_registration(make_event(title_de="Weg"), user=user, state=RegistrationState.CANCELLED)
    make_registration(make_event(title_de="Fremd"))
    make_registration(make_event(title_de="Fällt aus", status=EventStatus.CANCELLED), user=user)
    make_registration(make_event(title_de="Entwurf", status=EventStatus.DRAFT), user=user)
    make_registration(make_event(timezone.now() - timedelta(days=800), title_de="Alt"), user=user)
    invited = make_event(title_de="Offen")
    for address_of_user, person in ((user.email.upper(), None), ("other@alpha.example", user)):
        Invitation.objects.create(event=invited, email=address_of_user, user=person)
    Invitation.objects.create(event=make_event(title_de="Nein"), email=user.email, answer=Answer.NO)
    Invitation.objects.create(event=sure, email=user.email)
    found = entries(client, address(user))
    assert {title: str(entry["STATUS"]) for title, entry in found.items()} == {
        "Sicher": "CONFIRMED",
        "Werkstatt a – Sicher": "CONFIRMED",
        "Wartet": "TENTATIVE",
        "Fällt aus": "CANCELLED",
        "Offen": "TENTATIVE",
    }
    assert make_registration_token(registration.pk) in found["Sicher"]["DESCRIPTION"]


def test_calendar_speaks_the_persons_language(world: World, client: Client) -> None:
    user = make_user(language="en")
    make_registration(make_event(title_de="Treffen", title_en="Meeting"), user=user)
    assert "Meeting" in entries(client, address(user))
    assert "Treffen" in entries(client, f"{address(user)}?language=de")


def test_calendar_is_private_and_sent_once_as_long_as_it_is_the_same(
    world: World, client: Client
) -> None:
    make_registration(make_event(), user=world.member)
    response = client.get(address(world.member))
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    again = client.get(address(world.member), headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    Event.objects.update(city="Aachen")
    changed = client.get(address(world.member), headers={"if-none-match": response["ETag"]})
    assert changed.status_code == 200


def test_revoked_renewed_and_unknown_addresses_lead_nowhere(world: World, client: Client) -> None:
    first = address(world.member)
    assert address(world.member) == first
    renewed = f"/calendar/{renew_feed(user=world.member).secret}.ics"
    assert client.get(first).status_code == 404
    assert client.get(renewed).status_code == 200
    revoke_feed(user=world.member)
    assert client.get(renewed).status_code == 404
    assert client.get("/calendar/.ics").status_code == 404
    assert client.get("/calendar/x.ics").status_code == 404
    current = address(world.member)
    User.objects.filter(pk=world.member.pk).update(is_active=False)
    assert client.get(current).status_code == 404


def test_calendar_takes_the_same_number_of_queries_for_2_and_for_20(
    world: World, client: Client
) -> None:
    url, counts = address(world.member), []
    for number in (2, 18):
        for _ in range(number):
            event = make_event()
            event.innovation_fields.add(make_field())
            event.topics.add(make_topic())
            registration = make_registration(event, user=world.member)
            registration.places.create(session=workshop(event, "a"))
            other = make_event()
            other.innovation_fields.add(make_field())
            Invitation.objects.create(event=other, email=world.member.email)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("lead", "state", "shows"),
    [
        (None, RegistrationState.REGISTERED, True),
        (1, RegistrationState.REGISTERED, False),
        (24 * 30, RegistrationState.REGISTERED, True),
        (None, RegistrationState.REQUESTED, False),
    ],
)
def test_online_links_are_for_participants_and_from_their_time_on(
    world: World, client: Client, lead: int | None, state: str, shows: bool
) -> None:
    event = make_event(
        format="online", online_url="https://meet.example/all", online_lead_hours=lead
    )
    registration = make_registration(event, user=world.member, state=state)
    registration.places.create(session=workshop(event, "a", online_url="https://meet.example/a"))
    programme = f"/de/registration/{make_registration_token(registration.pk)}/programme.ics"
    for url in (address(world.member), programme):
        text = client.get(url).content.replace(b"\r\n ", b"").decode()
        assert ("https://meet.example/all" in text) == shows
        assert ("https://meet.example/a" in text) == shows


def test_programme_of_a_registration_holds_its_own_parts(world: World, client: Client) -> None:
    event = make_event(title_de="Plenum", sequence=2)
    registration = make_registration(event, calendar_revision=3)
    registration.places.create(session=workshop(event, "a"))
    workshop(event, "b")
    url = f"/de/registration/{make_registration_token(registration.pk)}/programme.ics"
    found = entries(client, url)
    assert set(found) == {"Plenum", "Werkstatt a – Plenum"}
    assert found["Plenum"]["SEQUENCE"] == 5
    response = client.get(url)
    assert "noindex" in response["X-Robots-Tag"]
    assert "private" in response["Cache-Control"]
    assert client.get(url.replace("/programme", "x/programme")).status_code == 404
    Registration.objects.update(state=RegistrationState.CANCELLED)
    assert client.get(url).status_code == 404


def test_page_makes_shows_renews_and_ends_the_address(world: World, client: Client) -> None:
    page = "/de/events/my-calendar/"
    assert client.get(page).status_code == 302
    client.force_login(world.member)
    assert not CalendarFeed.objects.exists()
    assert "Meinen Kalender anlegen" in client.get(page).content.decode()
    assert not CalendarFeed.objects.exists()
    client.post(page)
    first = CalendarFeed.objects.get()
    response = client.get(page)
    text = response.content.decode()
    assert f"/calendar/{first.secret}.ics" in text
    assert f'href="webcal://127.0.0.1:8000/calendar/{first.secret}.ics"' in text
    assert "no-store" in response["Cache-Control"]
    for word in ("renew", "revoke"):
        assert client.get(f"{page}{word}/").status_code == 200
        assert CalendarFeed.objects.filter(revoked_at=None).exists()
    client.post(f"{page}renew/")
    second = CalendarFeed.objects.get(revoked_at=None)
    assert second.secret != first.secret
    client.post(f"{page}revoke/")
    assert not CalendarFeed.objects.filter(revoked_at=None).exists()


def test_addresses_of_fields_and_districts_are_shown_to_everybody(db: None, client: Client) -> None:
    field = make_field(code="materials", name_de="Neue Werkstoffe")
    url = "/de/events/subscribe/"
    assert "/events.ics?language=de" in client.get(url).content.decode()
    text = client.get(f"{url}?field=materials&district=").content.decode()
    assert "webcal://127.0.0.1:8000/events.ics?language=de&amp;field=materials" in text
    assert str(field) in text
    part = client.get(f"{url}?field=materials", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert "field=materials" in part
    assert client.get(f"{url}?field=nonsense").status_code == 200
