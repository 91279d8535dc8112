"""What staff does with registrations: decide, give places, move, cancel, add, read wishes."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import DomainError
from core.models import OutgoingMail
from events import services
from events.choices import ParticipantGroup, QuestionKind, RegistrationState
from events.models import Registration
from tests.conftest import World
from tests.factories import make_cluster, make_event, make_question, make_registration

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def subjects(address: str) -> list[str]:
    rows = OutgoingMail.objects.filter(to=address).order_by("created_at", "pk")
    return list(rows.values_list("content__subject", flat=True))


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return str(registration.state)


def test_where_approval_is_needed_nobody_takes_a_place_before(world: World) -> None:
    event = make_event(approval_required=True, capacity=1)
    first = services.register(user=world.member, event=event)
    second = services.register(user=world.outsider, event=event)
    third = services.register(user=world.manager, event=event)
    assert {r.state for r in (first, second, third)} == {RegistrationState.REQUESTED}
    assert not event.registrations.taking_a_place().exists()
    assert event.free_places() == 1
    ids = [second.pk, first.pk]
    assert services.approve_registrations(user=world.staff, event=event, ids=ids) == 2
    # In order of arrival, and never more than there are places.
    assert (state(first), state(second)) == ("registered", "waiting")
    assert "angemeldet" in subjects(world.member.email)[-1]
    assert "Warteliste" in subjects(world.outsider.email)[-1]
    services.decline_registrations(
        user=world.staff, event=event, ids=[third.pk], reason="Nur für Mitglieder"
    )
    mail = OutgoingMail.objects.filter(to=world.manager.email).latest("created_at")
    assert "Nur für Mitglieder" in mail.content.text
    with pytest.raises(DomainError):
        services.register(user=world.manager, event=event)


def test_a_decision_needs_a_reason_and_can_be_undone(world: World) -> None:
    event = make_event()
    person = services.register(user=world.member, event=event)
    with pytest.raises(DomainError):
        services.cancel_registrations(user=world.staff, event=event, ids=[person.pk], reason=" ")
    services.cancel_registrations(user=world.staff, event=event, ids=[person.pk], reason="Sturm")
    assert state(person) == RegistrationState.CANCELLED
    with pytest.raises(DomainError):
        services.register_again(registration=person)
    services.restore_registrations(user=world.staff, event=event, ids=[person.pk])
    assert state(person) == RegistrationState.REGISTERED
    assert person.decision_reason == ""
    methods = [
        (m.content.calendar_method, m.values["sequence"])
        for m in OutgoingMail.objects.filter(to=world.member.email).order_by("created_at")
    ]
    assert methods == [("REQUEST", "0"), ("CANCEL", "1"), ("REQUEST", "2")]


def test_staff_filters_and_acts_on_many(world: World, client: Client) -> None:
    event = make_event(approval_required=True)
    people = [
        make_registration(event, state="requested", cluster=world.alpha, name=f"Name {n}")
        for n in range(3)
    ]
    food = make_question(event, QuestionKind.CHOICE, label_de="Essen")
    people[0].answers.create(question=food, value=1)
    client.force_login(world.staff)
    url = f"/de/events/{event.slug}/registrations/"
    text = page(client, url)
    assert "Zwei" in text
    assert "Name 2" in text
    assert "Name 2" not in page(client, f"{url}?q=name+1")
    assert "Name 2" in page(client, f"{url}?state=requested&cluster=alpha&group=participant")
    assert "Name 2" not in page(client, f"{url}?cluster=beta")
    ids = [row.pk for row in people]
    client.post(f"{url}act/", {"act": "approve", "ids": ids[:2], "back": "state=requested"})
    assert [state(row) for row in people] == ["registered", "registered", "requested"]
    client.post(f"{url}act/", {"act": "group-speaker", "ids": ids[:1]})
    people[0].refresh_from_db()
    assert people[0].group == ParticipantGroup.SPEAKER
    # What has a reason asks for it first.
    response = client.post(f"{url}act/", {"act": "cancel", "ids": ids[1:2]})
    assert response.status_code == 200
    assert state(people[1]) == RegistrationState.REGISTERED
    client.post(f"{url}act/", {"act": "cancel", "ids": ids[1:2], "reason": "Saal zu klein"})
    assert state(people[1]) == RegistrationState.CANCELLED
    assert "Saal zu klein" in page(client, f"{url}?state=all")
    for nonsense in ({"act": "approve"}, {"act": "explode", "ids": ids}, {"ids": ["x"]}):
        assert client.post(f"{url}act/", nonsense).status_code == 302


def test_ids_of_another_event_are_left_alone(world: World) -> None:
    other = make_registration(make_event(), state="requested")
    event = make_event()
    assert services.approve_registrations(user=world.staff, event=event, ids=[other.pk]) == 0
    assert state(other) == RegistrationState.REQUESTED


def test_staff_adds_a_person_who_called(world: World, client: Client) -> None:
    event = make_event(
        capacity=1, cluster_quota=1, registration_closes_at=timezone.now() - timedelta(days=1)
    )
    client.force_login(world.staff)
    url = f"/de/events/{event.slug}/registrations/add/"
    data = {"name": "A", "email": "a@x.example", "cluster": "", "group": "team", "language": "en"}
    assert client.post(url, data).status_code == 302
    added = Registration.objects.get()
    assert (added.state, added.group, added.source) == ("registered", "team", "staff")
    assert subjects("a@x.example") == [f"You are registered: {event.title_en}"]
    assert client.post(url, data).status_code == 422
    client.post(url, {**data, "email": "b@x.example"})
    assert Registration.objects.get(email="b@x.example").state == RegistrationState.WAITING


def test_confirmations_are_sent_again_but_not_to_examples(world: World) -> None:
    event = make_event()
    rows = [make_registration(event), make_registration(event, is_example=True)]
    told = services.resend_confirmations(
        user=world.staff, event=event, ids=[row.pk for row in rows]
    )
    assert told == 1
    assert len(subjects(rows[0].email)) == 1
    assert subjects(rows[1].email) == []


def test_wishes_are_for_staff_and_the_moderators_of_the_event(world: World, client: Client) -> None:
    event = make_event()
    make_registration(event, expectation="Weniger Folien", name="Wer Fragt")
    url = f"/de/events/{event.slug}/expectations/"
    mine = services.register(user=world.member, event=event)
    client.force_login(world.member)
    assert client.get(url).status_code == 404
    services.move_group(
        user=world.staff, event=event, ids=[mine.pk], group=ParticipantGroup.MODERATOR
    )
    assert "Weniger Folien" in page(client, url)
    services.withdraw(registration=mine)
    assert client.get(url).status_code == 404
    client.force_login(world.staff)
    assert "Weniger Folien" in page(client, url)


@pytest.mark.parametrize("path", ["registrations", "expectations"])
def test_lists_cost_the_same_for_two_and_twenty(world: World, client: Client, path: str) -> None:
    client.force_login(world.staff)

    def cost(people: int) -> int:
        event = make_event()
        question = make_question(event)
        for n in range(people):
            row = make_registration(
                event,
                cluster=make_cluster(),
                expectation="x",
                state="waiting" if n % 2 else "registered",
            )
            row.answers.create(question=question, value="y")
        with CaptureQueriesContext(connection) as queries:
            page(client, f"/de/events/{event.slug}/{path}/")
        return len(queries)

    cost(1)
    assert cost(2) == cost(20)


def test_staff_passes_places_in_sessions_on_by_hand(world: World, client: Client) -> None:
    event = make_event(choice_mode="first_come", waiting_mode="staff")
    session = event.sessions.create(code="a", part="parallel", run=1, title_de="A", capacity=1)
    holder, waiting = make_registration(event), make_registration(event, name="Wer Wartet")
    for row in (holder, waiting):
        services.choose_session(registration=row, session=session)
    client.force_login(world.staff)
    url = f"/de/events/{event.slug}/registrations/sessions/"
    assert "Wer Wartet" in page(client, url)
    place = waiting.places.get()
    for act, expected in (("offer", "waiting"), ("offer", "offered"), ("give", "held")):
        client.post(f"{url}{place.pk}/", {"do": act})
        place.refresh_from_db()
        assert place.state == expected
        services.leave_session(registration=holder, session=session)
    assert subjects(waiting.email) == ["Ein Platz ist für Sie frei: A", "Sie haben einen Platz: A"]
