"""What staff sees of the workshops of an event: demand, rooms, people and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from events.assignment import (
    Demand,
    Missed,
    Place,
    Problem,
    Shortage,
    demand,
    missed_wishes,
)
from events.models import AssignedPlace, Assignment, Event, Session
from events.workshops.offer import Offer, offer_of
from events.workshops.reading import (
    current_draft,
    current_published,
    people_to_assign,
    problem_of,
    wishes_of,
)
from events.workshops.words import missed_text, shortage_text


@dataclass(frozen=True)
class Seat:
    """One person in one room. ``rank`` None: not wished for."""

    place: int
    person: Guest
    session: Session
    rank: int | None
    is_fixed: bool

    @property
    def label(self) -> str:
        return rank_label(self.rank, has_wishes=bool(self.person.wishes))


@dataclass
class Guest:
    """A person to be assigned, with their places and the wishes that were not granted."""

    pk: int
    name: str
    cluster: str
    wishes: tuple[str, ...]
    seats: dict[int, Seat] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    # Places in order of run; None where one is missing.
    row: list[Seat | None] = field(default_factory=list)

    @property
    def worst(self) -> int:
        """The worst rank of the person's places; unwished and missing count as worse than all."""
        if not self.wishes:
            return 0
        return max((seat.rank or 99) if seat else 100 for seat in self.row) if self.row else 100


@dataclass
class Room:
    """One session with the people in it, by name."""

    session: Session
    seats: list[Seat]

    @property
    def is_overfull(self) -> bool:
        return self.session.capacity is not None and len(self.seats) > self.session.capacity

    @property
    def clusters(self) -> int:
        return len({seat.person.cluster for seat in self.seats if seat.person.cluster})


@dataclass(frozen=True)
class Bar:
    """A number beside its name, and what it is a part of."""

    label: str
    value: int
    most: int
    first: int = 0
    places: int | None = None


def rank_label(rank: int | None, *, has_wishes: bool) -> str:
    """Return what a place is to its person."""
    if not has_wishes:
        return _("no wishes")
    return _("wish %(rank)d") % {"rank": rank} if rank else _("not wished for")


@dataclass
class Board:
    """Everything the page of an assignment says. Loaded by :func:`board_of`."""

    event: Event
    offer: Offer
    problem: Problem
    people: dict[int, Guest]
    draft: Assignment | None
    published: Assignment | None
    shown: Assignment | None
    places: list[AssignedPlace]
    # Places of people who do not take part any more.
    gone: int = 0

    def __post_init__(self) -> None:
        for place in self.places:
            guest, session = self.people.get(place.registration_id), place.session_id
            if guest is None or session not in self.offer.by_id:
                self.gone += 1
                continue
            part = self.offer.by_id[session]
            guest.seats[part.run or 0] = Seat(place.pk, guest, part, place.rank, place.is_fixed)
        for guest in self.people.values():
            guest.row = [guest.seats.get(run) for run in self.offer.runs]

    @cached_property
    def rooms(self) -> dict[int, list[Room]]:
        """The rooms of each run."""
        seated: defaultdict[int, list[Seat]] = defaultdict(list)
        for guest in sorted(self.people.values(), key=lambda one: one.name.lower()):
            for seat in guest.seats.values():
                seated[seat.session.pk].append(seat)
        return {
            run: [Room(session, seated[session.pk]) for session in sessions]
            for run, sessions in self.offer.runs.items()
        }

    @cached_property
    def wishers(self) -> int:
        return sum(1 for guest in self.people.values() if guest.wishes)

    @cached_property
    def without_place(self) -> list[Guest]:
        """People who lack a place in at least one run, by name."""
        lacking = [one for one in self.people.values() if None in one.row]
        return sorted(lacking, key=lambda one: one.name.lower())

    @cached_property
    def demand(self) -> dict[str, Demand]:
        return {one.workshop: one for one in demand(self.problem)}

    @cached_property
    def demand_bars(self) -> list[Bar]:
        wanted = self.demand
        most = max((max(one.wishes, one.places or 0) for one in wanted.values()), default=0)
        return [
            Bar(
                self.offer.title(key),
                wanted[key].wishes,
                max(most, 1),
                wanted[key].first,
                wanted[key].places,
            )
            for key in self.offer.workshops
        ]

    @cached_property
    def rank_bars(self) -> list[Bar]:
        """How many places went to which wish."""
        counts: Counter[int] = Counter()
        for guest in self.people.values():
            for seat in guest.row:
                if guest.wishes:
                    counts[(seat.rank or 98) if seat else 99] += 1
                else:
                    counts[97 if seat else 99] += 1
        most = max(sum(counts.values()), 1)
        names = {
            97: _("no wishes stated"),
            98: _("not wished for"),
            99: _("without a place"),
        }
        return [
            Bar(names.get(rank) or _("wish %(rank)d") % {"rank": rank}, number, most)
            for rank, number in sorted(counts.items())
        ]

    @cached_property
    def with_first_wish(self) -> int:
        return sum(
            any(seat and seat.rank == 1 for seat in guest.row) for guest in self.people.values()
        )

    @property
    def shortages(self) -> list[str]:
        rows = (self.shown.figures if self.shown else {}).get("shortages", [])
        return [
            shortage_text(Shortage(**{**row, "workshops": tuple(row["workshops"])}), self.offer)
            for row in rows
        ]

    def explain(self) -> None:
        """Give everybody the reasons why wishes were not granted."""
        places = [
            Place(guest.pk, seat.session.pk, seat.rank, seat.is_fixed)
            for guest in self.people.values()
            for seat in guest.seats.values()
        ]
        for pk, missed in missed_wishes(self.problem, places).items():
            self.people[pk].reasons = [self._reason(one) for one in missed]

    def _reason(self, missed: Missed) -> str:
        return missed_text(missed, self.demand, self.offer)


def board_of(event: Event, *, published: bool = False) -> Board:
    """Load the page of an assignment: the draft, else (or if asked) what is published.

    The number of queries does not depend on the number of people.
    """
    offer = offer_of(event)
    wishes = wishes_of(event)
    rows = list(
        people_to_assign(event)
        .order_by("name", "email", "pk")
        .values_list("pk", "name", "email", "cluster_id", "cluster__name")
    )
    draft, current = current_draft(event), current_published(event)
    shown = current if published or draft is None else draft
    problem = problem_of(offer, [(pk, cluster) for pk, _n, _e, cluster, _c in rows], wishes, {})
    own = {one.id: one.wishes for one in problem.participants}
    people = {
        pk: Guest(pk, name or email, cluster or "", own[pk])
        for pk, name, email, _cluster, cluster in rows
    }
    places = list(AssignedPlace.objects.filter(assignment=shown)) if shown else []
    return Board(event, offer, problem, people, draft, current, shown, places)
