"""Why: which capacity is missing, how workshops were wished for, why a wish was not granted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from events.assignment.problem import (
    Cause,
    Demand,
    Missed,
    Participant,
    Place,
    Problem,
    Shortage,
    Sitting,
)


def demand(problem: Problem) -> list[Demand]:
    """Return for each workshop how often it was wished for at each rank, and its places."""
    longest = max((len(one.wishes) for one in problem.participants), default=0)
    ranks: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for one in problem.participants:
        for rank, workshop in enumerate(one.wishes, start=1):
            ranks[workshop][rank] += 1
    places: dict[str, int | None] = {}
    for sitting in problem.sittings:
        before = places.get(sitting.workshop, 0)
        unlimited = before is None or sitting.capacity is None
        places[sitting.workshop] = None if unlimited else (before or 0) + (sitting.capacity or 0)
    return [
        Demand(name, tuple(ranks[name][rank] for rank in range(1, longest + 1)), places[name])
        for name in sorted(places)
    ]


def missed_wishes(problem: Problem, places: Iterable[Place]) -> dict[int, list[Missed]]:
    """Return for each person the wishes better than their worst place that were not granted."""
    sittings = {one.id: one for one in problem.sittings}
    runs = len({one.run for one in problem.sittings})
    offered: defaultdict[str, list[Sitting]] = defaultdict(list)
    for sitting in problem.sittings:
        offered[sitting.workshop].append(sitting)
    taken: Counter[int] = Counter()
    held: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places:
        taken[place.session] += 1
        held[place.participant].append(place)
    full = {
        pk for pk, one in sittings.items() if one.capacity is not None and taken[pk] >= one.capacity
    }
    return {
        one.id: list(_missed_by(one, held[one.id], runs, sittings, offered, full))
        for one in problem.participants
    }


def _missed_by(
    one: Participant,
    places: list[Place],
    runs: int,
    sittings: Mapping[int, Sitting],
    offered: Mapping[str, list[Sitting]],
    full: set[int],
) -> Iterable[Missed]:
    has = {sittings[place.session].workshop for place in places}
    complete = len(places) >= runs and all(place.rank for place in places)
    worst = max((place.rank or 0 for place in places), default=0) if complete else None
    for rank, workshop in enumerate(one.wishes, start=1):
        if worst is not None and rank > worst:
            return
        if workshop not in has and offered.get(workshop):
            yield Missed(workshop, rank, _cause(rank, offered[workshop], places, sittings, full))


def _cause(
    rank: int,
    offered: list[Sitting],
    places: list[Place],
    sittings: Mapping[int, Sitting],
    full: set[int],
) -> Cause:
    at = {sittings[place.session].run: place for place in places}
    causes = set()
    for sitting in offered:
        place = at.get(sitting.run)
        if sitting.id in full:
            causes.add(Cause.FULL)
        elif place is not None and place.kept:
            causes.add(Cause.KEPT)
        elif place is not None and place.rank is not None and place.rank < rank:
            causes.add(Cause.SAME_TIME)
        else:
            return Cause.OPEN
    for cause in (Cause.FULL, Cause.SAME_TIME, Cause.KEPT):
        if cause in causes:
            return cause
    return Cause.OPEN


def shortages(
    problem: Problem, places: Iterable[Place], unplaced: Iterable[tuple[int, int]]
) -> list[Shortage]:
    """Return which places are missing, run by run.

    Hall: go from somebody without a place to the sessions open to them, from the people there to
    the sessions open to *those*, and so on. If no place is free on the way, all these people can
    only go to these sessions, and there are more of them than places.
    """
    sittings = {one.id: one for one in problem.sittings}
    visits: defaultdict[int, dict[int, str]] = defaultdict(dict)
    sitting_in: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places:
        one = sittings[place.session]
        visits[place.participant][one.run] = one.workshop
        sitting_in[place.session].append(place)
    by_run: defaultdict[int, list[int]] = defaultdict(list)
    for person, run in unplaced:
        by_run[run].append(person)
    found = []
    for run, without in sorted(by_run.items()):
        rooms = sorted(pk for pk, one in sittings.items() if one.run == run)
        left = set(without)
        while left:
            people, closed = _closure(min(left), rooms, run, sittings, visits, sitting_in)
            missing = left & people | {min(left)}
            # Everybody else without a place whose rooms are among these is short of the same ones.
            for other in sorted(left - missing):
                if set(_open_to(other, rooms, run, sittings, visits)) <= closed:
                    missing.add(other)
            left -= missing
            found.append(_shortage(run, rooms, people | missing, closed, len(missing), sittings))
    return found


def _open_to(
    person: int,
    rooms: list[int],
    run: int,
    sittings: Mapping[int, Sitting],
    visits: Mapping[int, dict[int, str]],
) -> list[int]:
    elsewhere = {workshop for at, workshop in visits.get(person, {}).items() if at != run}
    return [pk for pk in rooms if sittings[pk].workshop not in elsewhere]


def _closure(
    person: int,
    rooms: list[int],
    run: int,
    sittings: Mapping[int, Sitting],
    visits: Mapping[int, dict[int, str]],
    sitting_in: Mapping[int, list[Place]],
) -> tuple[set[int], set[int]]:
    """Return the people and sessions that can be reached from ``person`` by changing places."""
    people, closed, queue = {person}, set[int](), [person]
    while queue:
        for pk in _open_to(queue.pop(), rooms, run, sittings, visits):
            if pk in closed:
                continue
            closed.add(pk)
            for place in sitting_in.get(pk, []):
                # Who stays there anyway takes a place but has no choice.
                if place.participant not in people:
                    people.add(place.participant)
                    if not place.kept:
                        queue.append(place.participant)
    return people, closed


def _shortage(
    run: int,
    rooms: list[int],
    people: set[int],
    closed: set[int],
    missing: int,
    sittings: Mapping[int, Sitting],
) -> Shortage:
    return Shortage(
        run=run,
        workshops=tuple(sorted({sittings[pk].workshop for pk in closed})),
        people=len(people),
        places=sum(sittings[pk].capacity or 0 for pk in closed),
        missing=missing,
        whole_run=len(closed) == len(rooms),
    )
