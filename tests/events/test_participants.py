"""Who sees who takes part."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.choices import EventStatus, ParticipantGroup, RegistrationState
from events.models import Event, Registration
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import make_event, make_registration

URL = "/de/events/plenum/participants/"


@pytest.fixture
def event(world: World) -> Event:
    """The member takes part; of the others one agreed to be listed, one did not, one waits."""
    event = make_event(slug="plenum")
    make_registration(event, user=world.member, email=world.member.email)
    make_registration(event, name="Zugestimmt", list_consent=True, cluster=world.beta)
    make_registration(event, name="Verschwiegen", email="quiet@x.example")
    make_registration(
        event,
        name="Wartend",
        list_consent=True,
        state=RegistrationState.WAITING,
        waiting_since=timezone.now(),
    )
    make_registration(event, name="Abgesagt", list_consent=True, state=RegistrationState.CANCELLED)
    return event


def test_participants_see_those_who_agreed_and_nothing_of_the_others(
    world: World, client: Client, event: Event
) -> None:
    make_registration(event, name="Referierende", list_consent=True, group=ParticipantGroup.SPEAKER)
    client.force_login(world.member)
    text = client.get(URL).content.decode()
    assert "Zugestimmt" in text
    assert "Beta" in text
    assert text.index("Teilnehmende</h2>") < text.index("Referierende</strong>")
    for hidden in ("Verschwiegen", "Wartend", "Abgesagt", "quiet@x.example", "@guests.example"):
        assert hidden not in text


def test_staff_sees_everybody_who_holds_a_place_with_their_consent(
    world: World, client: Client, event: Event
) -> None:
    client.force_login(world.staff)
    text = client.get(URL).content.decode()
    assert "Verschwiegen" in text
    assert "Zugestimmt" in text
    assert "Wartend" not in text


@pytest.mark.parametrize("who", ["outsider", "manager"])
def test_who_does_not_take_part_learns_nothing(
    world: World, client: Client, event: Event, who: str
) -> None:
    client.force_login(getattr(world, who))
    assert client.get(URL).status_code == 404


def test_who_waits_is_no_participant_and_sees_no_list(
    world: World, client: Client, event: Event
) -> None:
    make_registration(
        event,
        user=world.outsider,
        email=world.outsider.email,
        state=RegistrationState.WAITING,
        waiting_since=timezone.now(),
    )
    client.force_login(world.outsider)
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize(
    "change", [{"shows_participants": False}, {"anonymised_at": timezone.now()}]
)
def test_list_that_is_switched_off_or_over_exists_for_staff_only(
    world: World, client: Client, event: Event, change: dict[str, object]
) -> None:
    mine = Registration.objects.get(user=world.member)
    Event.objects.update(**change)
    client.force_login(world.member)
    assert client.get(URL).status_code == 404
    link = f"/de/registration/{make_registration_token(mine.pk)}/participants/"
    assert client.get(link).status_code == 404
    client.force_login(world.staff)
    assert client.get(URL).status_code == 200


def test_participant_without_account_opens_the_list_from_the_mail(
    world: World, client: Client, event: Event
) -> None:
    guest = Registration.objects.get(name="Verschwiegen")
    link = f"/de/registration/{make_registration_token(guest.pk)}/participants/"
    text = client.get(link).content.decode()
    assert "Zugestimmt" in text
    assert "Verschwiegen" not in text
    guest.state = RegistrationState.CANCELLED
    guest.save()
    assert client.get(link).status_code == 404
    assert client.get(link.replace("participants", "x")).status_code == 404


def test_hidden_event_has_no_list(world: World, client: Client, event: Event) -> None:
    Event.objects.update(status=EventStatus.DRAFT)
    client.force_login(world.member)
    assert client.get(URL).status_code == 404


def test_list_takes_the_same_number_of_queries_for_2_and_20(
    world: World, client: Client, event: Event
) -> None:
    client.force_login(world.staff)
    numbers = []
    for more in (2, 18):
        for _ in range(more):
            make_registration(event, cluster=world.alpha, list_consent=True)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
