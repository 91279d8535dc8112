"""Pages about workshops: ranking them, assigning them, seeing one's rooms."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import OutgoingMail
from events.choices import AssignmentState, ChoiceMode, RegistrationState
from events.models import Assignment, Event, Registration, SessionPlace, WorkshopChoice
from events.services import draft_assignment, publish_assignment, save_wishes
from events.services.workshops import drafting
from events.tasks import calculate_assignment, calculate_waiting_assignments
from events.tokens import make_registration_token
from tests.conftest import World
from tests.factories import make_event, make_registration, make_workshops


@pytest.fixture
def event(world: World) -> Event:
    event = make_event(
        slug="plenum",
        choice_mode=ChoiceMode.WISHES,
        wishes_until=timezone.now() + timedelta(days=3),
    )
    make_workshops(event, workshops=3, runs=2, capacity=2)
    return event


@pytest.fixture
def office(world: World, client: Client) -> Client:
    client.force_login(world.staff)
    return client


def link(person: Registration) -> str:
    return f"/de/registration/{make_registration_token(person.pk)}/wishes/"


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def join(event: Event, *wishes: str, **fields: object) -> Registration:
    person = make_registration(event, **fields)
    save_wishes(registration=person, workshops=wishes)
    return person


PAGE = "/de/events/plenum/assignment/"


# --- wishes -----------------------------------------------------------------------------------


def test_wishes_are_ranked_from_the_link_without_signing_in(event: Event, client: Client) -> None:
    person = make_registration(event)
    text = text_of(client, link(person))
    assert "Werkstatt A" in text
    assert "Worum es in B geht." in text
    answer = client.post(link(person), {"rank_c": "1", "rank_a": "3", "rank_b": ""}, follow=True)
    assert answer.redirect_chain
    rows = WorkshopChoice.objects.values_list("rank", "workshop")
    assert list(rows) == [(1, "c"), (2, "a")]
    # Stored wishes come first and are chosen again.
    text = text_of(client, link(person))
    assert text.index("Werkstatt C") < text.index("Werkstatt A") < text.index("Werkstatt B")
    assert re.search(r'name="rank_c".*?value="1" selected', text, re.S)


def test_equal_ranks_are_refused_in_words_and_nothing_entered_is_lost(
    event: Event, client: Client
) -> None:
    person = join(event, "b")
    answer = client.post(link(person), {"rank_a": "1", "rank_c": "1"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Werkstatt A“ und „Werkstatt C" in text
    assert len(re.findall(r'value="1" selected', text)) == 2
    assert WorkshopChoice.objects.get().workshop == "b"


def test_following_the_link_changes_nothing_and_keeps_its_address(
    event: Event, client: Client
) -> None:
    person = make_registration(event)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(link(person))
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_altered_links_and_other_events_lead_nowhere(event: Event, client: Client) -> None:
    person = make_registration(event)
    number, _, signature = make_registration_token(person.pk).partition(".")
    assert client.get(f"/de/registration/{int(number) + 1}.{signature}/wishes/").status_code == 404
    other = make_registration(make_event())
    assert client.get(link(other)).status_code == 404


def test_closed_wishes_are_shown_but_not_taken(event: Event, client: Client) -> None:
    person = join(event, "b")
    Event.objects.update(wishes_until=timezone.now() - timedelta(hours=1))
    text = text_of(client, link(person))
    assert "Werkstatt B" in text
    assert "<select" not in text
    assert client.post(link(person), {"rank_a": "1"}).status_code == 422
    assert WorkshopChoice.objects.get().workshop == "b"


def test_signed_in_people_rank_their_own_workshops_and_nobody_elses(
    world: World, event: Event, client: Client
) -> None:
    path = "/de/events/plenum/my-wishes/"
    assert client.get(path).status_code == 302
    client.force_login(world.member)
    assert client.get(path).status_code == 404
    own = make_registration(event, user=world.member)
    assert client.post(path, {"rank_b": "1"}).status_code == 302
    assert WorkshopChoice.objects.get().registration == own


def test_hub_and_programme_show_wishes_and_then_the_rooms(
    world: World, event: Event, client: Client
) -> None:
    person = join(event, "b", "a", user=world.member)
    hub = link(person).removesuffix("wishes/")
    text = text_of(client, hub)
    assert link(person) in text
    assert "Werkstatt B" in text
    draft_assignment(user=world.staff, event=event)
    assert "R2" not in text_of(client, hub)
    publish_assignment(user=world.staff, event=event)
    text = text_of(client, hub)
    assert "R2" in text
    assert link(person) not in text
    client.force_login(world.member)
    page = text_of(client, event.get_absolute_url())
    assert page.count("Mein Workshop") == 2
    client.logout()
    assert "Mein Workshop" not in text_of(client, event.get_absolute_url())


# --- staff ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["visitor", "member", "outsider"])
def test_only_staff_sees_who_wished_for_what(
    world: World, event: Event, client: Client, who: str
) -> None:
    person = join(event, "a", name="Geheimer Gast")
    if who != "visitor":
        client.force_login(getattr(world, who))
    for path in ("", "rooms/", "publish/", "discard/", f"people/{person.pk}/"):
        response = client.get(PAGE + path)
        assert response.status_code == (302 if who == "visitor" else 403)
        assert "Geheimer Gast" not in response.content.decode()
    assert client.post(PAGE + "calculate/").status_code == (302 if who == "visitor" else 403)
    assert not Assignment.objects.exists()


def test_page_says_what_is_missing_before_anything_can_be_assigned(
    world: World, office: Client
) -> None:
    make_event(slug="plenum")
    assert "nicht nach Wünschen" in text_of(office, PAGE)
    Event.objects.update(choice_mode=ChoiceMode.WISHES)
    assert "noch keine parallelen Workshops" in text_of(office, PAGE)


def test_staff_calculates_sees_reasons_publishes_and_everybody_is_told(
    world: World, event: Event, office: Client
) -> None:
    event.sessions.update(capacity=1)
    event.sessions.filter(workshop="b").update(capacity=5)
    for number in range(3):
        join(event, "a", "b", "c", name=f"Gast {number}")
    assert "Wünsche" in text_of(office, PAGE)
    answer = office.post(PAGE + "calculate/", follow=True)
    text = answer.content.decode()
    assert "Noch hat niemand von diesem Entwurf erfahren" in text
    assert "3 Personen haben ihn als ersten Wunsch, es gibt 2 Plätze." in text
    assert not SessionPlace.objects.exists()
    confirm = text_of(office, PAGE + "publish/")
    assert "3 Personen" in confirm
    assert not OutgoingMail.objects.exists()
    answer = office.post(PAGE + "publish/", follow=True)
    assert "3 Personen" in answer.content.decode()
    assert SessionPlace.objects.count() == 6
    assert OutgoingMail.objects.count() == 3
    assert "Veröffentlicht am" in text_of(office, PAGE)


def test_shortage_is_said_in_words(world: World, event: Event, office: Client) -> None:
    event.sessions.filter(run=2).update(capacity=1)
    for _ in range(5):
        join(event, "a")
    text = office.post(PAGE + "calculate/", follow=True).content.decode()
    assert "Durchlauf 2: 2 Plätze fehlen. Es gibt 3 Plätze für 5 Personen." in text
    assert "2 Personen fehlt ein Platz" in text


def test_staff_moves_a_person_without_script_and_swaps_when_it_is_full(
    world: World, event: Event, office: Client
) -> None:
    event.sessions.update(capacity=1)
    people = [join(event, name=f"Gast {number}") for number in range(3)]
    office.post(PAGE + "calculate/")
    draft = Assignment.objects.get()
    seats = {
        (place.registration_id, place.session.run): place.session_id
        for place in draft.places.select_related("session")
    }
    one, other = people[0], people[1]
    path = f"{PAGE}people/{one.pk}/"
    text_of(office, path)
    wanted = {f"run_{run}": str(seats[other.pk, run]) for run in (1, 2)}
    refused = office.post(path, wanted)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "ist in Durchlauf 1 voll" in text
    assert 'name="swap_1"' in text
    swap = {"swap_1": str(other.pk), "swap_2": str(other.pk)}
    assert office.post(path, {**wanted, **swap}).status_code == 302
    after = {
        (place.registration_id, place.session.run): place.session_id
        for place in draft.places.select_related("session")
    }
    assert after[one.pk, 1] == seats[other.pk, 1]
    assert after[other.pk, 2] == seats[one.pk, 2]
    assert draft.places.filter(is_fixed=True).count() == 4
    place = draft.places.filter(registration=one).first()
    office.post(f"{PAGE}places/{place.pk}/fix/", {"fixed": "0", "person": one.pk})
    place.refresh_from_db()
    assert not place.is_fixed


def test_late_people_are_placed_by_one_button(world: World, event: Event, office: Client) -> None:
    early = join(event, "a", "b")
    office.post(PAGE + "calculate/")
    office.post(PAGE + "publish/")
    join(event, "a", "b")
    OutgoingMail.objects.all().delete()
    text = text_of(office, PAGE)
    assert "1 Person zuteilen, alle anderen behalten ihre Plätze" in text
    held = set(SessionPlace.objects.filter(registration=early).values_list("session_id"))
    office.post(PAGE + "calculate/", {"keep": "others"})
    office.post(PAGE + "publish/")
    assert set(SessionPlace.objects.filter(registration=early).values_list("session_id")) == held
    assert OutgoingMail.objects.count() == 1
    assert Assignment.objects.filter(state=AssignmentState.REPLACED).count() == 1


def test_discarding_asks_first(world: World, event: Event, office: Client) -> None:
    join(event, "a")
    office.post(PAGE + "calculate/")
    text_of(office, PAGE + "discard/")
    assert Assignment.objects.exists()
    office.post(PAGE + "discard/")
    assert not Assignment.objects.exists()


def test_room_lists_hold_every_room_with_its_people(
    world: World, event: Event, office: Client
) -> None:
    join(event, "a", "b", name="Gast Eins")
    assert "Noch niemand" in text_of(office, PAGE + "rooms/")
    office.post(PAGE + "calculate/")
    text = text_of(office, PAGE + "rooms/")
    assert text.count('class="cd-room-list"') == 6
    assert text.count("Gast Eins") == 2


def test_people_who_withdrew_are_in_no_list(world: World, event: Event, office: Client) -> None:
    gone = join(event, "a", name="Gast Fort")
    join(event, "a", name="Gast Da")
    office.post(PAGE + "calculate/")
    Registration.objects.filter(pk=gone.pk).update(state=RegistrationState.CANCELLED)
    for path in ("", "rooms/"):
        text = text_of(office, PAGE + path)
        assert "Gast Fort" not in text
        assert "Gast Da" in text
    assert "2 Plätze sind frei geworden" in text_of(office, PAGE)


@pytest.mark.parametrize("path", ["", "rooms/", "publish/"])
def test_pages_cost_the_same_queries_for_2_and_20_people(
    world: World, event: Event, office: Client, path: str
) -> None:
    event.sessions.update(capacity=None)

    def queries() -> int:
        draft_assignment(user=world.staff, event=event)
        with CaptureQueriesContext(connection) as found:
            text_of(office, PAGE + path)
        return len(found)

    for _ in range(2):
        join(event, "a", "b", cluster=world.alpha)
    queries()
    few = queries()
    for _ in range(18):
        join(event, "b", "c", cluster=world.beta)
    assert queries() == few


def test_filter_finds_who_has_no_first_wish(world: World, event: Event, office: Client) -> None:
    event.sessions.filter(workshop="a").update(capacity=1)
    for number in range(3):
        join(event, "a", "b", "c", name=f"Gast {number}")
    office.post(PAGE + "calculate/")
    text = text_of(office, PAGE + "?got=not_first")
    table = text[text.index("<caption>1 Person") :]
    assert len(re.findall(r"Gast \d", table)) == 1


def test_long_calculations_are_left_to_a_worker_and_survive_a_lost_task(
    world: World, event: Event, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(event, "a", "b")
    monkeypatch.setattr(drafting, "is_quick", lambda problem: False)
    text = office.post(PAGE + "calculate/", follow=True).content.decode()
    assert "wird berechnet" in text
    assert 'hx-trigger="every 2s"' in text
    draft = Assignment.objects.get()
    assert draft.places.count() == 0
    assert "wird noch berechnet" in office.post(PAGE + "publish/", follow=True).content.decode()
    # Beat leaves it to the task for a while, then finds it by itself.
    calculate_waiting_assignments()
    assert draft.places.count() == 0
    Assignment.objects.update(updated_at=timezone.now() - timedelta(minutes=5))
    calculate_waiting_assignments()
    assert draft.places.count() == 2
    calculate_assignment(draft.pk)
    text = text_of(office, PAGE)
    assert "wird berechnet" not in text
