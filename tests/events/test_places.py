"""Places: never more than there are, in order of arrival, and nobody is lost.

A model in plain Python says what must happen. Its own rules are tested with many sequences, the
verbs on PostgreSQL are compared with it step by step, for the event and for a session.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.models import User
from core.errors import DomainError
from events import services
from events.choices import ChoiceMode, PlaceState, RegistrationState
from events.models import Event, Registration, Session, SessionPlace
from tests.events.waiting_model import OFFER_HOURS, Waiting
from tests.factories import make_event, make_registration

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
        if capacity is not None and self.event.registrations.holding_a_place().count() > capacity:
            return False
        Event.objects.filter(pk=self.event.pk).update(capacity=capacity)
        services.pass_places_on(event=self.event)
        return True

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
        services.pass_places_on(event=self.session.event)
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
