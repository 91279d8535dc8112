"""From cells to rooms: who of a workshop sits in which of its rooms, and clusters mixed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations

from events.assignment.grid import Grid, Ints
from events.assignment.problem import Place

# Rounds of improvement; each goes over everybody once, and a round without a gain ends it.
ROUNDS = 8


class Seating:
    """Who sits where, with the numbers that mixing needs. Sessions and people by id."""

    def __init__(self, grid: Grid, cells: Ints) -> None:
        self.grid = grid
        self.cluster = {one.id: one.cluster for one in grid.problem.participants}
        # Session of each person in each run.
        self.at: dict[int, dict[int, int]] = {pk: {} for pk in grid.people}
        self.kept: set[tuple[int, int]] = set()
        self.size: Counter[int] = Counter()
        self.mates: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self.rooms: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for pk, sitting in grid.sittings.items():
            self.rooms[grid.cell(sitting)].append(pk)
        self._seat(cells)

    def _seat(self, cells: Ints) -> None:
        for one in sorted(self.grid.problem.participants, key=lambda one: one.id):
            for session in one.kept:
                if session in self.grid.sittings:
                    self.kept.add((one.id, session))
                    self.put(one.id, session)
        for index, pk in enumerate(self.grid.people):
            for run in range(len(self.grid.runs)):
                if (workshop := int(cells[index, run])) >= 0:
                    self.put(pk, self._room(pk, workshop, run))

    def _room(self, person: int, workshop: int, run: int) -> int:
        """Return the room of a cell with a free place and the fewest of the person's cluster."""
        rooms = [pk for pk in self.rooms[workshop, run] if self.has_room(pk)]
        cluster = self.cluster[person]
        return min(rooms, key=lambda pk: (self.count(pk, cluster), self.size[pk], pk))

    def has_room(self, session: int) -> bool:
        return self.size[session] < self.grid.room_for(self.grid.sittings[session])

    def count(self, session: int, cluster: int | None) -> int:
        return 0 if cluster is None else self.mates[session][cluster]

    def put(self, person: int, session: int) -> None:
        self.at[person][self.grid.sittings[session].run] = session
        self.size[session] += 1
        if (cluster := self.cluster[person]) is not None:
            self.mates[session][cluster] += 1

    def take(self, person: int, session: int) -> None:
        del self.at[person][self.grid.sittings[session].run]
        self.size[session] -= 1
        if (cluster := self.cluster[person]) is not None:
            self.mates[session][cluster] -= 1

    @property
    def pairs(self) -> int:
        """Pairs of people of one cluster in one room, over all rooms."""
        return sum(n * (n - 1) // 2 for room in self.mates.values() for n in room.values())

    def gain(self, person: int, source: int, target: int) -> int:
        """Return how many pairs fewer there are when the person changes rooms alone."""
        cluster = self.cluster[person]
        if cluster is None:
            return 0
        return self.mates[source][cluster] - 1 - self.mates[target][cluster]

    def places(self) -> Iterator[Place]:
        for pk, sessions in self.at.items():
            row = self.grid.ranks[self.grid.person_index[pk]]
            for _run, session in sorted(sessions.items()):
                workshop, _index = self.grid.cell(self.grid.sittings[session])
                rank = int(row[workshop]) or None
                yield Place(pk, session, rank, (pk, session) in self.kept)


def mix(seating: Seating) -> None:
    """Spread people of one cluster over the rooms without changing anybody's ranks.

    Three moves: between two rooms that are equally good for the person; the order in which a
    person visits two workshops, alone or in exchange with somebody who visits them the other way
    round; places of two people who both did not wish for either.
    """
    for _round in range(ROUNDS):
        before = seating.pairs
        _change_rooms(seating)
        for first, second in combinations(seating.grid.runs, 2):
            _change_order(seating, first, second)
        _exchange(seating)
        if seating.pairs == before:
            return


def _movable(seating: Seating, person: int, run: int) -> int | None:
    session = seating.at[person].get(run)
    return None if session is None or (person, session) in seating.kept else session


def _cost(seating: Seating, person: int, session: int) -> int:
    workshop, _run = seating.grid.cell(seating.grid.sittings[session])
    return int(seating.grid.costs[seating.grid.person_index[person], workshop])


def _has(seating: Seating, person: int, workshop: str, but: int) -> bool:
    """Whether the person visits ``workshop`` in another session than ``but``."""
    sittings = seating.grid.sittings
    return any(
        sittings[other].workshop == workshop
        for other in seating.at[person].values()
        if other != but
    )


def _change_rooms(seating: Seating) -> None:
    """Move single people where a place is free, it costs the same and fewer of theirs sit."""
    by_run: defaultdict[int, list[int]] = defaultdict(list)
    for pk, sitting in seating.grid.sittings.items():
        by_run[sitting.run].append(pk)
    for person in seating.grid.people:
        if seating.cluster[person] is None:
            continue
        for run in seating.grid.runs:
            source = _movable(seating, person, run)
            if source is None or seating.count(source, seating.cluster[person]) < 2:
                continue
            cost = _cost(seating, person, source)
            targets = [
                pk
                for pk in by_run[run]
                if seating.has_room(pk)
                and seating.gain(person, source, pk) > 0
                and _cost(seating, person, pk) == cost
                and not _has(seating, person, seating.grid.sittings[pk].workshop, source)
            ]
            if targets:
                best = max(targets, key=lambda pk: (seating.gain(person, source, pk), -pk))
                seating.take(person, source)
                seating.put(person, best)


def _change_order(seating: Seating, first: int, second: int) -> None:
    """Let people visit their two workshops the other way round.

    Who visits the same two in opposite order can exchange places; who is of one cluster is alike,
    so one of each is looked at.
    """
    sittings = seating.grid.sittings
    visits: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for person in seating.grid.people:
        here, there = _movable(seating, person, first), _movable(seating, person, second)
        if here is not None and there is not None:
            visits[sittings[here].workshop, sittings[there].workshop].append(person)
    for (one, two), people in sorted(visits.items()):
        for person in people:
            _turn_alone(seating, person, first, second)
        others = visits.get((two, one), []) if one < two else []
        for person in people:
            _turn_together(seating, person, others, first, second)


def _mirrored(seating: Seating, person: int, first: int, second: int) -> tuple[int, int] | None:
    """Return the rooms of the person's two workshops with their runs exchanged."""
    grid = seating.grid
    one, two = (grid.sittings[seating.at[person][run]].workshop for run in (first, second))
    cells = (
        seating.rooms.get((grid.workshop_index[two], grid.run_index[first])),
        seating.rooms.get((grid.workshop_index[one], grid.run_index[second])),
    )
    return (cells[0][0], cells[1][0]) if cells[0] and cells[1] else None


def _turn_alone(seating: Seating, person: int, first: int, second: int) -> None:
    target = _mirrored(seating, person, first, second)
    if target is None or not (seating.has_room(target[0]) and seating.has_room(target[1])):
        return
    source = seating.at[person][first], seating.at[person][second]
    gain = sum(seating.gain(person, a, b) for a, b in zip(source, target, strict=True))
    if gain > 0:
        _reseat(seating, {person: target}, {person: source})


def _turn_together(
    seating: Seating, person: int, others: list[int], first: int, second: int
) -> None:
    mine = seating.at[person][first], seating.at[person][second]
    pair = {seating.grid.sittings[pk].workshop for pk in mine}
    seen: set[int | None] = {seating.cluster[person]}
    best: tuple[int, int] | None = None
    for other in others:
        if seating.cluster[other] in seen:
            continue
        theirs = seating.at[other][first], seating.at[other][second]
        # Turned by an earlier exchange: still the same two workshops, but not in opposite order.
        if seating.grid.sittings[theirs[0]].workshop == seating.grid.sittings[mine[0]].workshop:
            continue
        if {seating.grid.sittings[pk].workshop for pk in theirs} != pair:
            continue
        seen.add(seating.cluster[other])
        gain = sum(
            seating.gain(person, a, b) + seating.gain(other, b, a)
            for a, b in zip(mine, theirs, strict=True)
        )
        if gain > 0 and (best is None or gain > best[0]):
            best = gain, other
    if best is not None:
        other = best[1]
        theirs = seating.at[other][first], seating.at[other][second]
        _reseat(seating, {person: theirs, other: mine}, {person: mine, other: theirs})


def _reseat(
    seating: Seating, new: dict[int, tuple[int, int]], old: dict[int, tuple[int, int]]
) -> None:
    for person, sessions in old.items():
        for session in sessions:
            seating.take(person, session)
    for person, sessions in new.items():
        for session in sessions:
            seating.put(person, session)


def _exchange(seating: Seating) -> None:
    """Exchange the places of two people in one run who both find both rooms equally good.

    These are rooms of one workshop, or workshops that neither wished for.
    """
    for run in seating.grid.runs:
        rooms: defaultdict[int, dict[int, list[int]]] = defaultdict(dict)
        for person in seating.grid.people:
            cluster = seating.cluster[person]
            session = _movable(seating, person, run)
            if (
                session is not None
                and cluster is not None
                and _may_exchange(seating, person, session)
            ):
                rooms[session].setdefault(cluster, []).append(person)
        for source, target in combinations(sorted(rooms), 2):
            _exchange_between(seating, source, target, rooms)


def _may_exchange(seating: Seating, person: int, session: int) -> bool:
    """Whether another room could be as good: not wished for, or one of several of a workshop."""
    cell = seating.grid.cell(seating.grid.sittings[session])
    unwished = not seating.grid.ranks[seating.grid.person_index[person], cell[0]]
    return bool(unwished) or len(seating.rooms[cell]) > 1


def _exchange_between(
    seating: Seating, source: int, target: int, rooms: dict[int, dict[int, list[int]]]
) -> None:
    for mine, people in list(rooms[source].items()):
        for theirs, others in list(rooms[target].items()):
            if mine == theirs or not people or not others:
                continue
            gain = seating.gain(people[0], source, target) + seating.gain(others[0], target, source)
            if gain <= 0:
                continue
            person = next((p for p in people if _finds_equal(seating, p, source, target)), None)
            other = next((p for p in others if _finds_equal(seating, p, target, source)), None)
            if person is None or other is None:
                continue
            seating.take(person, source)
            seating.take(other, target)
            seating.put(person, target)
            seating.put(other, source)
            people.remove(person)
            others.remove(other)
            rooms[target].setdefault(mine, []).append(person)
            rooms[source].setdefault(theirs, []).append(other)


def _finds_equal(seating: Seating, person: int, source: int, target: int) -> bool:
    workshop = seating.grid.sittings[target].workshop
    return _cost(seating, person, source) == _cost(seating, person, target) and not _has(
        seating, person, workshop, source
    )
