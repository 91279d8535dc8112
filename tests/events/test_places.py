"""Places: never more than there are, in order of arrival, and nobody is lost.

A model in plain Python says what must happen. Its own rules are tested with many sequences, the
verbs on PostgreSQL are compared with it step by step, for the event and for a session.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.models import User
from core.errors import DomainError
from core.models import OutgoingMail
from events import services
from events.choices import ChoiceMode, PlaceState, RegistrationState, WaitingMode
from events.models import Event, Registration, Session, SessionPlace
from events.services.places import lock, settle
from tests.conftest import World
from tests.events.waiting_model import OFFER_HOURS, Waiting
from tests.factories import make_event, make_registration, make_user

PEOPLE = st.integers(0, 5)
CAPACITIES = st.one_of(st.integers(0, 4), st.none())

STEP = st.one_of(
    st.tuples(st.just("come"), PEOPLE),
    st.tuples(st.just("come"), PEOPLE),
    st.tuples(st.just("leave"), PEOPLE),
    st.tuples(st.just("accept"), PEOPLE),
    st.tuples(st.just("resize"), CAPACITIES),
    st.tuples(st.just("pass_time"), st.sampled_from([1, 11, OFFER_HOURS])),
)


class WaitingMachine(RuleBasedStateMachine):
    """The model keeps its own promises, whatever the order of events."""

    def __init__(self) -> None:
        super().__init__()
        self.list = Waiting(capacity=2)
        self.seen: set[int] = set()

    @rule(person=PEOPLE)
    def come(self, person: int) -> None:
        self.seen.add(person)
        self.list.come(person)

    @rule(person=PEOPLE)
    def leave(self, person: int) -> None:
        self.list.leave(person)

    @rule(person=PEOPLE)
    def accept(self, person: int) -> None:
        self.list.accept(person)

    @rule(capacity=CAPACITIES)
    def resize(self, capacity: int | None) -> None:
        self.list.resize(capacity)

    @rule(hours=st.integers(1, 30))
    def pass_time(self, hours: int) -> None:
        before = list(self.list.queue)
        self.list.pass_time(hours)
        # Order kept: those who still wait stand as they stood.
        still = [p for p in before if p in self.list.queue]
        there = [p for p in self.list.queue if p in still]
        assert there == still or any(self.list.lapsed[p] for p in there)

    @invariant()
    def never_more_than_there_are(self) -> None:
        taken = len(self.list.held) + len(self.list.offers)
        assert self.list.capacity is None or taken <= self.list.capacity

    @invariant()
    def nobody_waits_while_a_place_is_free(self) -> None:
        assert not self.list.queue or self.list.free() == 0

    @invariant()
    def nobody_is_lost_or_twice(self) -> None:
        assert self.list.everybody() == self.seen
        parts = [self.list.held, self.list.offers.keys(), self.list.queue, self.list.gone]
        assert sum(len(part) for part in parts) == len(self.seen)


WaitingMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
test_the_model_keeps_its_promises = WaitingMachine.TestCase


def attempt(verb: Callable[[], object]) -> bool:
    """Call a verb as a door does: what is refused leaves nothing behind."""
    try:
        with transaction.atomic():
            verb()
    except DomainError:
        return False
    return True


class OfTheEvent:
    """The event's own places, moved by the verbs."""

    def __init__(self) -> None:
        start = timezone.now() + timedelta(days=400)
        self.event = make_event(start, capacity=2, offer_hours=OFFER_HOURS)
        # Without passwords: hashing them would take longer than all the rest.
        self.users = [User.objects.create(email=f"p{n}@x.example", name=f"P {n}") for n in range(6)]

    def row(self, person: int) -> Registration | None:
        found: Registration | None = Registration.objects.filter(user=self.users[person]).first()
        return found

    def come(self, person: int) -> None:
        services.register(user=self.users[person], event=self.event)

    def leave(self, person: int) -> None:
        if row := self.row(person):
            services.withdraw(registration=row)

    def accept(self, person: int) -> bool:
        row = self.row(person)
        if row is None or row.state != RegistrationState.OFFERED:
            return False
        return attempt(lambda: services.accept_offer(registration=row))

    def resize(self, capacity: int | None) -> bool:
        event = Event.objects.get(pk=self.event.pk)
        event.capacity = capacity
        return attempt(lambda: services.save_event(user=self.users[0], event=event))

    def pass_time(self, hours: int) -> None:
        services.expire_offers()

    def look(self) -> tuple[set[int], set[int], list[int], set[int]]:
        numbers = {user.pk: n for n, user in enumerate(self.users)}

        def among(rows: Any) -> list[int]:
            return [numbers[pk] for pk in rows.values_list("user", flat=True)]

        rows: Any = Registration.objects.filter(event=self.event)
        return (
            set(among(rows.taking_a_place())),
            set(among(rows.filter(state=RegistrationState.OFFERED))),
            among(rows.queue()),
            set(among(rows.filter(state=RegistrationState.CANCELLED))),
        )


class OfASession:
    """The places of one session, moved by the verbs."""

    def __init__(self) -> None:
        start = timezone.now() + timedelta(days=400)
        event = make_event(start, offer_hours=OFFER_HOURS, choice_mode=ChoiceMode.FIRST_COME)
        self.session: Session = event.sessions.create(
            code="a", part="parallel", run=1, title_de="A", capacity=2
        )
        self.people = [make_registration(event) for _n in range(6)]
        self.seen: set[int] = set()

    def come(self, person: int) -> None:
        self.seen.add(person)
        place = SessionPlace.objects.filter(registration=self.people[person]).first()
        if place is None or place.state != PlaceState.OFFERED:
            services.choose_session(registration=self.people[person], session=self.session)

    def leave(self, person: int) -> None:
        services.leave_session(registration=self.people[person], session=self.session)

    def accept(self, person: int) -> bool:
        open_offers: Any = SessionPlace.objects.filter(
            registration=self.people[person],
            state=PlaceState.OFFERED,
            offer_expires_at__gt=timezone.now(),
        )
        if not open_offers.exists():
            return False
        services.choose_session(registration=self.people[person], session=self.session)
        return True

    def resize(self, capacity: int | None) -> bool:
        if capacity is not None and self.session.places.counting().count() > capacity:
            return False
        Session.objects.filter(pk=self.session.pk).update(capacity=capacity)
        with transaction.atomic():
            settle(lock(self.session.event_id))
        return True

    def pass_time(self, hours: int) -> None:
        services.expire_offers()

    def look(self) -> tuple[set[int], set[int], list[int], set[int]]:
        numbers = {row.pk: n for n, row in enumerate(self.people)}

        def among(rows: Any) -> list[int]:
            return [numbers[pk] for pk in rows.values_list("registration", flat=True)]

        rows: Any = SessionPlace.objects.filter(session=self.session)
        held, queue = set(among(rows.held())), among(rows.queue())
        offered = set(among(rows.filter(state=PlaceState.OFFERED)))
        return held, offered, queue, self.seen - held - offered - set(queue)


@pytest.mark.parametrize("make", [OfTheEvent, OfASession])
@pytest.mark.django_db
def test_verbs_do_what_the_model_says(make: Callable[[], OfTheEvent | OfASession]) -> None:
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        # Making a failing sequence shorter takes minutes here; the list of steps is short enough.
        phases=[Phase.generate],
    )
    @given(steps=st.lists(STEP, max_size=14))
    def follow(steps: list[tuple[str, Any]]) -> None:
        with transaction.atomic(), time_machine.travel(timezone.now(), tick=False) as clock:
            verbs, model = make(), Waiting(capacity=2)
            for name, value in steps:
                # Arrivals at the very same moment have no order to keep.
                clock.shift(timedelta(seconds=1))
                if name == "pass_time":
                    clock.shift(timedelta(hours=value))
                happened = getattr(verbs, name)(value)
                expected = getattr(model, name)(value)
                if name in ("accept", "resize"):
                    assert happened == expected
                held, offered, queue, gone = verbs.look()
                assert held == model.held
                assert offered == model.offers.keys()
                assert queue == model.queue
                assert gone == model.gone
            transaction.set_rollback(True)

    follow()


def mails_to(address: str) -> list[OutgoingMail]:
    mails = OutgoingMail.objects.filter(to=address).select_related("content")
    return list(mails.order_by("created_at"))


def subjects(address: str) -> list[str]:
    rows = OutgoingMail.objects.filter(to=address).order_by("created_at")
    return list(rows.values_list("content__subject", flat=True))


def full_event(**fields: Any) -> tuple[Event, Registration, Registration]:
    """An event with one place, its holder, and one person who waits."""
    event = make_event(capacity=1, title_de="Plenum", **fields)
    users = [make_user(name=f"Person {n}") for n in range(2)]
    first, second = [services.register(user=user, event=event) for user in users]
    assert (first.state, second.state) == ("registered", "waiting")
    return event, first, second


def state(registration: Registration) -> str:
    registration.refresh_from_db()
    return str(registration.state)


@pytest.mark.django_db
def test_a_place_given_back_is_offered_to_the_next_and_kept_for_them() -> None:
    event, first, second = full_event(offer_hours=24)
    services.withdraw(registration=first)
    assert state(second) == RegistrationState.OFFERED
    kept = second.offer_expires_at - timezone.now()  # type: ignore[operator]
    assert timedelta(hours=23) < kept <= timedelta(hours=24)
    assert "frei" in subjects(second.email)[-1]
    # Who comes meanwhile waits: the place is taken, though nobody is a participant.
    third = services.register(user=make_user(), event=event)
    assert third.state == RegistrationState.WAITING
    assert not event.registrations.taking_a_place().exists()
    services.accept_offer(registration=second)
    services.accept_offer(registration=second)
    assert state(second) == RegistrationState.REGISTERED
    assert len([s for s in subjects(second.email) if "angemeldet" in s]) == 1


@pytest.mark.django_db
def test_an_offer_nobody_takes_goes_on_and_the_second_time_the_person_leaves() -> None:
    event, first, second = full_event(offer_hours=2)
    third = services.register(user=make_user(), event=event)
    services.withdraw(registration=first)
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1), tick=False):
        with pytest.raises(DomainError):
            services.accept_offer(registration=second)
        services.expire_offers()
        assert (state(second), state(third)) == ("waiting", "offered")
        services.decline_offer(registration=third)
        assert state(second) == RegistrationState.OFFERED
    with time_machine.travel(timezone.now() + timedelta(hours=5), tick=False):
        services.expire_offers()
        assert state(second) == RegistrationState.CANCELLED
        assert "nicht mehr auf der Warteliste" in subjects(second.email)[-1]
        # Nobody is lost: one click and they are back.
        services.register_again(registration=second)
        assert state(second) == RegistrationState.REGISTERED


@pytest.mark.django_db
def test_an_offer_ends_at_the_latest_when_the_event_begins() -> None:
    event, first, second = full_event(starts_at=timezone.now() + timedelta(hours=3))
    services.withdraw(registration=first)
    second.refresh_from_db()
    assert second.offer_expires_at == event.starts_at
    with time_machine.travel(event.starts_at + timedelta(minutes=1), tick=False):
        services.expire_offers()
        # No place is offered any more for an event that runs.
        assert state(second) == RegistrationState.WAITING
        assert services.expire_offers() == 0


@pytest.mark.django_db
def test_an_earlier_beginning_shortens_offers(world: World) -> None:
    event, first, second = full_event()
    services.withdraw(registration=first)
    event.refresh_from_db()
    event.starts_at = timezone.now() + timedelta(hours=1)
    event.ends_at = event.starts_at + timedelta(hours=1)
    services.save_event(user=world.staff, event=event)
    second.refresh_from_db()
    assert second.offer_expires_at == event.starts_at


@pytest.mark.django_db
def test_more_places_are_passed_on_and_fewer_than_taken_refused(world: World) -> None:
    event, _first, second = full_event()
    event.refresh_from_db()
    event.capacity = 2
    services.save_event(user=world.staff, event=event)
    assert state(second) == RegistrationState.OFFERED
    event.capacity = 1
    with pytest.raises(DomainError) as refused:
        services.save_event(user=world.staff, event=event)
    assert refused.value.field == "capacity"


@pytest.mark.django_db
def test_without_hours_the_next_person_simply_gets_the_place() -> None:
    _event, first, second = full_event(offer_hours=0)
    services.withdraw(registration=first)
    assert state(second) == RegistrationState.REGISTERED
    assert mails_to(second.email)[-1].content.calendar_method == "REQUEST"


@pytest.mark.django_db
def test_where_the_office_passes_places_on_nothing_moves_by_itself(world: World) -> None:
    event, first, second = full_event(waiting_mode=WaitingMode.STAFF)
    services.withdraw(registration=first)
    assert state(second) == RegistrationState.WAITING
    # A new arrival does not overtake, though a place is free.
    third = services.register(user=make_user(), event=event)
    assert third.state == RegistrationState.WAITING
    services.offer_places(user=world.staff, event=event, ids=[second.pk])
    assert state(second) == RegistrationState.OFFERED
    with pytest.raises(DomainError):
        services.give_places(user=world.staff, event=event, ids=[third.pk])
    services.give_places(user=world.staff, event=event, ids=[second.pk])
    assert state(second) == RegistrationState.REGISTERED


@pytest.mark.django_db
def test_beat_moves_a_list_that_changed_behind_the_verbs_back() -> None:
    event, _first, second = full_event()
    assert services.expire_offers() == 0
    Event.objects.filter(pk=event.pk).update(capacity=2)
    assert services.expire_offers() == 1
    assert state(second) == RegistrationState.OFFERED


@pytest.mark.django_db
def test_looking_at_the_queue_costs_the_same_however_long_it_is() -> None:
    def cost(people: int) -> int:
        event = make_event(capacity=0)
        for n in range(people):
            since = timezone.now() + timedelta(seconds=n)
            make_registration(event, state=RegistrationState.WAITING, waiting_since=since)
        with CaptureQueriesContext(connection) as queries:
            rows: Any = Registration.objects.filter(event=event)
            positions = [row.position for row in rows.with_position().order_by("waiting_since")]
        assert positions == list(range(1, people + 1))
        return len(queries)

    assert cost(2) == cost(20) == 1


@pytest.mark.django_db
def test_taking_a_place_costs_the_same_however_many_are_there() -> None:
    def cost(people: int) -> int:
        event = make_event(capacity=people)
        for _n in range(people):
            make_registration(event)
        user = make_user()
        with CaptureQueriesContext(connection) as queries:
            services.register(user=user, event=event)
        return len(queries)

    assert cost(2) == cost(20)


def parallel(event: Event, code: str, run: int, capacity: int, workshop: str = "") -> Session:
    session: Session = event.sessions.create(
        code=code, part="parallel", run=run, title_de=code, capacity=capacity, workshop=workshop
    )
    return session


@pytest.mark.django_db
def test_one_session_a_run_and_no_workshop_twice() -> None:
    event = make_event(choice_mode=ChoiceMode.FIRST_COME)
    one, two = parallel(event, "a1", 1, 5, "a"), parallel(event, "b1", 1, 5)
    again = parallel(event, "a2", 2, 5, "a")
    me = make_registration(event)
    services.choose_session(registration=me, session=one)
    services.choose_session(registration=me, session=two)
    assert set(me.places.values_list("session__code", flat=True)) == {"b1"}
    services.choose_session(registration=me, session=one)
    services.choose_session(registration=me, session=again)
    assert set(me.places.values_list("session__code", flat=True)) == {"a2"}


@pytest.mark.django_db
def test_who_waits_for_a_better_session_keeps_the_one_they_have() -> None:
    event = make_event(choice_mode=ChoiceMode.FIRST_COME)
    wanted, other = parallel(event, "wanted", 1, 1), parallel(event, "other", 1, 5)
    holder, me = make_registration(event), make_registration(event)
    services.choose_session(registration=holder, session=wanted)
    services.choose_session(registration=me, session=other)
    services.choose_session(registration=me, session=wanted)
    states = dict(me.places.values_list("session__code", "state"))
    assert states == {"other": PlaceState.HELD, "wanted": PlaceState.WAITING}
    # The holder withdraws from the event: the session's place is offered, too.
    services.withdraw(registration=holder)
    assert me.places.get(session=wanted).state == PlaceState.OFFERED
    services.choose_session(registration=me, session=wanted)
    assert dict(me.places.values_list("session__code", "state")) == {"wanted": PlaceState.HELD}


@pytest.mark.django_db
def test_sessions_are_for_participants_only() -> None:
    event = make_event(choice_mode=ChoiceMode.FIRST_COME)
    session = parallel(event, "a", 1, 5)
    waiting = make_registration(event, state=RegistrationState.WAITING)
    with pytest.raises(DomainError):
        services.choose_session(registration=waiting, session=session)


@pytest.mark.django_db(transaction=True)
def test_two_people_take_the_last_place_at_the_same_moment() -> None:
    event = make_event(capacity=1)
    users = [make_user() for _n in range(4)]
    ready = threading.Barrier(len(users))

    def take(user: User) -> None:
        try:
            ready.wait()
            services.register(user=user, event=event)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[user]) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows: Any = Registration.objects.filter(event=event)
    assert rows.totals()["registered"] == 1
    assert rows.totals()["waiting"] == len(users) - 1
    # Each has a number of their own in the queue.
    assert sorted(r.position for r in rows.with_position() if r.position) == [1, 2, 3]
