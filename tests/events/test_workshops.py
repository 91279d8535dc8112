"""From ranked wishes to rooms: what may be wished, calculated, moved and published."""

from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from core.errors import DomainError
from core.mail.message import CompiledMail
from core.models import OutgoingMail
from events.choices import AssignmentState, ChoiceMode, EventStatus, PlaceState, RegistrationState
from events.models import Assignment, Event, Registration, Session, SessionPlace, WorkshopChoice
from events.services import (
    Keep,
    change_by_publishing,
    discard_assignment,
    draft_assignment,
    fix_place,
    move_person,
    publish_assignment,
    save_wishes,
)
from tests.conftest import World
from tests.factories import make_event, make_registration, make_workshops


@pytest.fixture
def event(world: World) -> Event:
    event = make_event(
        choice_mode=ChoiceMode.WISHES, wishes_until=timezone.now() + timedelta(days=3)
    )
    make_workshops(event, workshops=3, runs=2, capacity=2)
    return event


def join(event: Event, *wishes: str, **fields: object) -> Registration:
    person = make_registration(event, **fields)
    if wishes:
        save_wishes(registration=person, workshops=wishes)
    return person


def places(assignment: Assignment) -> set[tuple[int, str]]:
    return set(assignment.places.values_list("registration_id", "session__code"))


def codes(person: Registration) -> list[str]:
    held = SessionPlace.objects.filter(registration=person, state=PlaceState.HELD)
    return sorted(held.values_list("session__code", flat=True))


def session(event: Event, code: str) -> Session:
    return event.sessions.get(code=code)


# --- wishes -----------------------------------------------------------------------------------


def test_wishes_are_stored_in_order_and_replace_the_earlier_ones(event: Event) -> None:
    person = join(event, "c", "a")
    save_wishes(registration=person, workshops=["b", "c", "a"])
    rows = WorkshopChoice.objects.filter(registration=person)
    assert list(rows.values_list("rank", "workshop")) == [(1, "b"), (2, "c"), (3, "a")]
    save_wishes(registration=person, workshops=[])
    assert not rows.exists()


@pytest.mark.parametrize(
    ("wishes", "code"), [(["a", "a"], "twice"), (["a", "zz"], "unknown"), (["a1"], "unknown")]
)
def test_nonsense_is_no_wish_and_changes_nothing(
    event: Event, wishes: list[str], code: str
) -> None:
    person = join(event, "b")
    with pytest.raises(DomainError) as error:
        save_wishes(registration=person, workshops=wishes)
    assert error.value.code == code
    assert WorkshopChoice.objects.get().workshop == "b"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"wishes_until": timezone.now() - timedelta(minutes=1)}, "closed"),
        ({"status": EventStatus.CANCELLED}, "closed"),
        ({"choice_mode": ChoiceMode.FIRST_COME}, "no_wishes"),
        (
            {
                "starts_at": timezone.now() - timedelta(days=3),
                "ends_at": timezone.now() - timedelta(days=2),
            },
            "closed",
        ),
    ],
)
def test_wishes_end_when_they_are_due(event: Event, change: dict[str, object], code: str) -> None:
    person = make_registration(event)
    Event.objects.update(**change)
    with pytest.raises(DomainError) as error:
        save_wishes(registration=person, workshops=["a"])
    assert error.value.code == code


def test_who_withdrew_wishes_nothing_and_who_waits_may(event: Event) -> None:
    gone = make_registration(event, state=RegistrationState.CANCELLED)
    with pytest.raises(DomainError):
        save_wishes(registration=gone, workshops=["a"])
    waiting = make_registration(event, state=RegistrationState.WAITING)
    save_wishes(registration=waiting, workshops=["a"])
    assert WorkshopChoice.objects.count() == 1


# --- draft ------------------------------------------------------------------------------------


def test_draft_gives_everybody_a_place_in_each_run_by_their_wishes(
    world: World, event: Event
) -> None:
    people = [join(event, "a", "b"), join(event, "b", "a"), join(event)]
    join(event, "a", state=RegistrationState.WAITING)
    draft = draft_assignment(user=world.staff, event=event)
    assert draft.state == AssignmentState.DRAFT
    assert draft.places.count() == 6
    assert set(draft.places.values_list("registration_id", flat=True)) == {p.pk for p in people}
    assert draft.cost == 2 * (1 + 4)
    assert draft.figures["is_best"]
    assert not SessionPlace.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_calculating_again_replaces_the_draft_and_keeps_what_is_fixed(
    world: World, event: Event
) -> None:
    person = join(event, "a", "b")
    draft = draft_assignment(user=world.staff, event=event)
    move_person(user=world.staff, event=event, registration=person, sessions=[session(event, "c1")])
    again = draft_assignment(user=world.staff, event=event)
    assert again.pk == draft.pk
    assert (person.pk, "c1") in places(again)
    place = again.places.get(session__code="c1")
    assert place.is_fixed
    fix_place(user=world.staff, event=event, place=place.pk, is_fixed=False)
    free = draft_assignment(user=world.staff, event=event)
    assert not free.places.filter(session__workshop="c").exists()


def test_missing_places_are_named_and_the_rest_is_placed(world: World, event: Event) -> None:
    event.sessions.filter(run=2).update(capacity=1)
    for _ in range(5):
        join(event, "a", "b", "c")
    draft = draft_assignment(user=world.staff, event=event)
    assert draft.places.count() == 5 + 3
    (short,) = draft.figures["shortages"]
    assert (short["run"], short["missing"], short["places"]) == (2, 2, 3)


def test_nothing_to_assign_is_said_in_words(world: World, event: Event) -> None:
    with pytest.raises(DomainError) as error:
        draft_assignment(user=world.staff, event=event)
    assert error.value.code == "nothing"
    other = make_event()
    with pytest.raises(DomainError):
        draft_assignment(user=world.staff, event=other)


def test_draft_costs_the_same_queries_for_2_and_20_people(world: World, event: Event) -> None:
    event.sessions.update(capacity=None)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            draft_assignment(user=world.staff, event=event)
        return len(found)

    for _ in range(2):
        join(event, "a", "b")
    draft_assignment(user=world.staff, event=event)
    few = queries()
    for _ in range(18):
        join(event, "b", "c")
    assert queries() == few


def test_what_changes_while_the_solver_thinks_is_calculated_again(
    world: World, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    from events.services.workshops import drafting

    join(event, "a", "b")
    real, calls = drafting.assign, []

    def slow(problem: object) -> object:
        calls.append(problem)
        if len(calls) == 1:
            join(event, "b", "a")
        return real(problem)  # type: ignore[arg-type]

    monkeypatch.setattr(drafting, "assign", slow)
    assert draft_assignment(user=world.staff, event=event).places.count() == 4
    assert len(calls) == 2


# --- moving by hand ---------------------------------------------------------------------------


def test_full_and_twice_are_refused_with_a_sentence_and_a_swap_is_possible(
    world: World, event: Event
) -> None:
    one, two, three = join(event, "a", "b"), join(event, "a", "b"), join(event, "c", "b")
    draft_assignment(user=world.staff, event=event)
    for person, own in ((one, ("a1", "b2")), (two, ("a1", "b2")), (three, ("c1", "b2"))):
        move_person_freely(event, person, own)

    def move(person: Registration, *targets: str, **swaps: Registration) -> None:
        move_person(
            user=world.staff,
            event=event,
            registration=person,
            sessions=[session(event, code) for code in targets],
            swaps={session(event, code).pk: other.pk for code, other in swaps.items()},
        )

    with pytest.raises(DomainError) as error:
        move(three, "a1")
    assert (error.value.code, error.value.field) == ("full", "run_1")
    with pytest.raises(DomainError) as error:
        move(one, "b1")
    assert error.value.code == "twice"
    move(three, "a1", a1=one)
    draft = Assignment.objects.get()
    assert {(three.pk, "a1"), (one.pk, "c1"), (two.pk, "a1")} <= places(draft)
    fixed = draft.places.filter(registration__in=[one, three], session__run=1)
    assert list(fixed.values_list("is_fixed", flat=True)) == [True, True]
    ranks = {place.registration_id: place.rank for place in fixed}
    assert ranks == {one.pk: None, three.pk: None}
    # Both runs at once: visiting two workshops the other way round is no visit twice.
    move(two, "b1", "c2")


def move_person_freely(event: Event, person: Registration, own: tuple[str, ...]) -> None:
    """Put a person somewhere without asking the verb."""
    draft = Assignment.objects.get()
    draft.places.filter(registration=person).delete()
    for code in own:
        draft.places.create(registration=person, session=session(event, code))


def test_moving_changes_the_cost(world: World, event: Event) -> None:
    person = join(event, "a", "b", "c")
    draft = draft_assignment(user=world.staff, event=event)
    assert draft.cost == 1 + 4
    used = draft.places.get(session__workshop="b")
    target = session(event, f"c{used.session.run}")
    move_person(user=world.staff, event=event, registration=person, sessions=[target])
    draft.refresh_from_db()
    assert draft.cost == 1 + 9
    assert draft.places.get(session=target).rank == 3


# --- publishing -------------------------------------------------------------------------------


def test_publishing_gives_the_places_and_tells_everybody_with_a_calendar_entry(
    world: World, event: Event
) -> None:
    german = join(event, "a", "b", name="Eins", language="de")
    english = join(event, "b", "a", language="en")
    draft_assignment(user=world.staff, event=event)
    assert change_by_publishing(event=event).people == 2
    change = publish_assignment(user=world.staff, event=event)
    assert change.first == {german.pk, english.pk}
    assert len(codes(german)) == len(codes(english)) == 2
    assert set(SessionPlace.objects.values_list("rank", flat=True)) == {1, 2}
    assert Assignment.objects.get().state == AssignmentState.PUBLISHED
    mails = {mail.to: mail for mail in OutgoingMail.objects.select_related("content")}
    assert set(mails) == {german.email, english.email}
    assert "Werkstatt A" in mails[german.email].values["rooms"]
    assert "Workshop A" in mails[english.email].values["rooms"]
    assert "R1" in mails[english.email].values["rooms"]
    calendar = calendar_of(mails[english.email])
    entry: Any = calendar.walk("VEVENT")[0]
    assert calendar["METHOD"] == "REQUEST"
    assert entry["UID"] == str(event.uid)
    assert "Workshop A" in entry["DESCRIPTION"]
    assert "Workshop B" in entry["DESCRIPTION"]
    assert int(entry["SEQUENCE"]) == event.sequence + 1


def calendar_of(mail: OutgoingMail) -> Any:
    compiled = CompiledMail(mail.content)
    raw = compiled.fill(
        pk=mail.pk, to=mail.to, to_name=mail.to_name, values=mail.values, now=timezone.now()
    )
    message = message_from_bytes(raw)
    part: Any = next(p for p in message.walk() if p.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True))


def test_publishing_again_moves_and_tells_only_those_whose_places_change(
    world: World, event: Event
) -> None:
    stays, moves = join(event, "a", "b"), join(event, "b", "a")
    draft_assignment(user=world.staff, event=event)
    publish_assignment(user=world.staff, event=event)
    before = codes(stays)
    first = Assignment.objects.get()
    OutgoingMail.objects.all().delete()
    late = join(event, "a", "b")
    draft_assignment(user=world.staff, event=event, keep=Keep.OTHERS)
    a_run = next(code for code in codes(moves) if code.startswith("a"))
    move_person(
        user=world.staff,
        event=event,
        registration=moves,
        sessions=[session(event, f"c{a_run[1]}")],
    )
    change = publish_assignment(user=world.staff, event=event)
    assert change.first == {late.pk}
    assert change.moved == {moves.pk}
    assert codes(stays) == before
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {late.email, moves.email}
    first.refresh_from_db()
    assert first.state == AssignmentState.REPLACED
    revisions = dict(Registration.objects.values_list("pk", "calendar_revision"))
    assert revisions == {stays.pk: 1, moves.pk: 2, late.pk: 1}


def test_vacated_places_go_to_late_people_and_published_ones_never_move(
    world: World, event: Event
) -> None:
    event.sessions.update(capacity=1)
    one, two, three = (join(event, "a", "b") for _ in range(3))
    draft_assignment(user=world.staff, event=event)
    publish_assignment(user=world.staff, event=event)
    held = {person.pk: codes(person) for person in (one, two, three)}
    Registration.objects.filter(pk=two.pk).update(state=RegistrationState.CANCELLED)
    late = join(event, "a", "b")
    draft_assignment(user=world.staff, event=event, keep=Keep.OTHERS)
    change = publish_assignment(user=world.staff, event=event)
    assert change.first == {late.pk}
    assert change.moved == set()
    assert codes(late) == held[two.pk]
    assert codes(two) == []
    assert [codes(one), codes(three)] == [held[one.pk], held[three.pk]]


def test_too_small_rooms_are_not_published(world: World, event: Event) -> None:
    for _ in range(2):
        join(event, "a", "b")
    draft_assignment(user=world.staff, event=event)
    for person in Registration.objects.all():
        move_person_freely(event, person, ("a1", "b2"))
    event.sessions.filter(code="a1").update(capacity=1)
    with pytest.raises(DomainError) as error:
        publish_assignment(user=world.staff, event=event)
    assert error.value.code == "capacity"
    assert "Werkstatt A" in error.value.message
    assert not SessionPlace.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_two_staff_publishing_at_once_tell_people_once(world: World, event: Event) -> None:
    join(event, "a")
    draft_assignment(user=world.staff, event=event)
    publish_assignment(user=world.staff, event=event)
    with pytest.raises(DomainError) as error:
        publish_assignment(user=world.staff, event=event)
    assert error.value.code == "no_draft"
    assert OutgoingMail.objects.count() == 1


def test_discarding_leaves_what_is_published(world: World, event: Event) -> None:
    person = join(event, "a")
    draft_assignment(user=world.staff, event=event)
    publish_assignment(user=world.staff, event=event)
    draft_assignment(user=world.staff, event=event)
    discard_assignment(user=world.staff, event=event)
    discard_assignment(user=world.staff, event=event)
    assert Assignment.objects.get().state == AssignmentState.PUBLISHED
    assert len(codes(person)) == 2


def test_publishing_costs_the_same_queries_for_2_and_20_people(world: World) -> None:
    def queries(number: int) -> int:
        event = make_event(choice_mode=ChoiceMode.WISHES)
        make_workshops(event, capacity=None)
        for _ in range(number):
            join(event, "a", "b")
        draft_assignment(user=world.staff, event=event)
        with CaptureQueriesContext(connection) as found:
            publish_assignment(user=world.staff, event=event)
        return len(found)

    assert queries(20) == queries(2)


def test_wishes_are_settled_once_the_rooms_are_known(world: World, event: Event) -> None:
    person = join(event, "a", "b")
    draft_assignment(user=world.staff, event=event)
    publish_assignment(user=world.staff, event=event)
    with pytest.raises(DomainError) as error:
        save_wishes(registration=person, workshops=["c"])
    assert error.value.code == "assigned"
