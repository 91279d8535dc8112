"""Timetables of 1:1 meetings: what every one of them keeps, and that the best is the best."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.timetable import Mark, Pair, Person, Problem, Progress, Timetable, pair_of, solver
from matching.timetable.reasons import Cause, Explainer
from matching.timetable.solver import solve

QUICK = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@st.composite
def problems(draw: st.DrawFn, most_people: int = 7, most_slots: int = 4) -> Problem:
    """Small problems of every kind, locked and earlier meetings included."""
    slots = draw(st.integers(1, most_slots))
    ids = range(1, draw(st.integers(2, most_people)) + 1)
    people = tuple(
        Person(
            pk,
            frozenset(draw(st.sets(st.integers(0, slots - 1)))),
            draw(st.sampled_from([None, 1, 2, 3])),
        )
        for pk in ids
    )
    keys = [(one, other) for one in ids for other in ids if one != other]
    marks: dict[tuple[int, int], Mark] = draw(
        st.dictionaries(st.sampled_from(keys), st.sampled_from(["want", "want", "open", "no"]))
    )
    pairs = list(combinations(ids, 2))
    scores = draw(st.dictionaries(st.sampled_from(pairs), st.sampled_from([0.0, 0.25, 0.5, 1.0])))
    locked: dict[Pair, int] = {}
    seats: set[tuple[int, int]] = set()
    for pair in draw(st.lists(st.sampled_from(pairs), unique=True, max_size=2)):
        slot = draw(st.integers(0, slots - 1))
        if not seats & {(pk, slot) for pk in pair}:
            locked[pair] = slot
            seats |= {(pk, slot) for pk in pair}
    hints = draw(st.dictionaries(st.sampled_from(pairs), st.integers(0, slots - 1), max_size=3))
    tables = tuple(draw(st.integers(0, 3)) for _slot in range(slots))
    return Problem(people, tables, draw(st.integers(0, 2)), marks, scores, locked, hints)


def check(problem: Problem, found: Timetable) -> None:
    """Every promise a timetable makes."""
    people = {person.id: person for person in problem.people}
    seats: Counter[tuple[int, int]] = Counter()
    tables: Counter[tuple[int, int]] = Counter()
    sizes: Counter[int] = Counter()
    locked: Counter[int] = Counter(problem.locked.values())
    for meeting in found.meetings:
        one, other = (people[pk] for pk in meeting.pair)
        seats.update((pk, meeting.slot) for pk in meeting.pair)
        tables[meeting.slot, meeting.table] += 1
        sizes[meeting.slot] += 1
        assert meeting.is_locked == (meeting.pair in problem.locked)
        if meeting.is_locked:
            continue
        assert meeting.slot in one.slots & other.slots
        assert problem.may_meet(meeting.pair)
        assert one.group is None or one.group != other.group
        assert meeting.table <= problem.tables[meeting.slot]
    assert set(seats.values()) <= {1}
    assert set(tables.values()) <= {1}
    for slot, number in sizes.items():
        assert number <= max(problem.tables[slot], locked[slot])
    placed = {meeting.pair: meeting.slot for meeting in found.meetings}
    assert len(placed) == len(found.meetings)
    assert problem.locked.items() <= placed.items()
    assert found.figures.minimum <= found.bounds.minimum
    assert found.figures.wishes <= found.bounds.wishes
    assert found.figures.score <= found.bounds.score
    assert found.figures.gaps <= found.bounds.gaps <= 0
    assert (found.figures.minimum, found.figures.wishes, found.figures.score) == aims(
        problem, placed
    )


def aims(problem: Problem, placed: dict[Pair, int]) -> tuple[int, int, int]:
    """The first three aims, counted anew."""
    met = Counter(pk for pair in placed for pk in pair)
    minimum = sum(
        problem.minimum - n for has in met.values() for n in range(min(has, problem.minimum))
    )
    return minimum, sum(map(problem.value, placed)), sum(map(problem.steps, placed))


@given(problems())
@QUICK
def test_nobody_is_twice_in_a_slot_and_every_rule_is_kept(problem: Problem) -> None:
    check(problem, solve(problem, seconds=5))


def every_timetable(problem: Problem) -> Iterator[dict[Pair, int]]:
    """All timetables there are, by trying everything."""
    people = {person.id: person for person in problem.people}
    pairs = [
        pair
        for pair in combinations(sorted(people), 2)
        if pair not in problem.locked
        and problem.may_meet(pair)
        and (people[pair[0]].group is None or people[pair[0]].group != people[pair[1]].group)
    ]
    seats = {(pk, slot) for pair, slot in problem.locked.items() for pk in pair}
    left = Counter(dict(enumerate(problem.tables)))
    left.subtract(Counter(problem.locked.values()))

    def go(number: int, placed: dict[Pair, int]) -> Iterator[dict[Pair, int]]:
        if number == len(pairs):
            yield dict(placed)
            return
        yield from go(number + 1, placed)
        pair = pairs[number]
        for slot in people[pair[0]].slots & people[pair[1]].slots:
            if left[slot] > 0 and not {(pk, slot) for pk in pair} & seats:
                left[slot] -= 1
                seats.update((pk, slot) for pk in pair)
                placed[pair] = slot
                yield from go(number + 1, placed)
                del placed[pair]
                seats.difference_update((pk, slot) for pk in pair)
                left[slot] += 1

    return go(0, dict(problem.locked))


@given(problems(most_people=5, most_slots=3))
@QUICK
def test_small_timetables_are_as_good_as_trying_everything(problem: Problem) -> None:
    found = solve(problem, seconds=10)
    best = max(aims(problem, placed) for placed in every_timetable(problem))
    assert (found.figures.minimum, found.figures.wishes, found.figures.score) == best
    assert found.is_best
    assert found.gap == 0


@given(problems(), st.randoms(use_true_random=False))
@QUICK
def test_order_and_ids_of_people_change_nothing(problem: Problem, chance: random.Random) -> None:
    ids = [person.id for person in problem.people]
    new = dict(zip(ids, chance.sample(range(100, 100 + len(ids)), len(ids)), strict=True))
    people = [replace(person, id=new[person.id]) for person in problem.people]
    chance.shuffle(people)

    def pairs(values: Any) -> Any:
        return {pair_of(new[a], new[b]): value for (a, b), value in values.items()}

    other = replace(
        problem,
        people=tuple(people),
        wishes={(new[a], new[b]): mark for (a, b), mark in problem.wishes.items()},
        scores=pairs(problem.scores),
        locked=pairs(problem.locked),
        hints=pairs(problem.hints),
    )
    one, two = solve(problem, seconds=5), solve(other, seconds=5)
    assert replace(one.figures, gaps=0) == replace(two.figures, gaps=0)


def wishing(people: int, slots: int, tables: int, minimum: int = 1, seed: int = 2) -> Problem:
    """People of their own, each wishing for some others."""
    chance = random.Random(seed)
    persons = tuple(Person(pk, frozenset(range(slots))) for pk in range(1, people + 1))
    wishes: dict[tuple[int, int], Mark] = {}
    for person in persons:
        for other in chance.sample(persons, min(6, people - 1)):
            if other.id != person.id:
                wishes[person.id, other.id] = "want"
    return Problem(persons, (tables,) * slots, minimum, wishes)


def test_others_keep_their_places_when_somebody_cancels() -> None:
    problem = wishing(30, 8, 10)
    before = {meeting.pair: meeting for meeting in solve(problem, seconds=10).meetings}
    left = {pair: one for pair, one in before.items() if 7 not in pair}
    again = replace(
        problem,
        people=tuple(person for person in problem.people if person.id != 7),
        wishes={key: mark for key, mark in problem.wishes.items() if 7 not in key},
        locked={pair: one.slot for pair, one in left.items()},
        tables_of={pair: one.table for pair, one in left.items()},
    )
    after = solve(again, seconds=10)
    check(again, after)
    now = {meeting.pair: (meeting.slot, meeting.table) for meeting in after.meetings}
    assert {pair: now[pair] for pair in left} == {p: (m.slot, m.table) for p, m in left.items()}
    assert len(now) > len(left)


def test_hints_keep_most_meetings_where_that_costs_nothing() -> None:
    problem = wishing(30, 8, 10)
    before = solve(problem, seconds=10)
    again = replace(
        problem,
        hints={meeting.pair: meeting.slot for meeting in before.meetings},
        tables_of={meeting.pair: meeting.table for meeting in before.meetings},
    )
    after = solve(again, seconds=10, seed=9)
    assert [(m.pair, m.slot, m.table) for m in after.meetings] == [
        (m.pair, m.slot, m.table) for m in before.meetings
    ]


def test_nobody_goes_empty_handed_before_others_are_complete() -> None:
    # 1 is wished for by all, there is room for three meetings, and 2 and 3 wish for each other.
    people = tuple(Person(pk, frozenset(range(3))) for pk in range(1, 5))
    wishes: dict[tuple[int, int], Mark] = {
        (2, 3): "want",
        (3, 2): "want",
        (2, 1): "want",
        (1, 2): "want",
        (3, 1): "want",
        (1, 3): "want",
        (4, 1): "open",
    }
    found = solve(Problem(people, (1, 1, 1), 1, wishes), seconds=5)
    assert {pk for meeting in found.meetings for pk in meeting.pair} == {1, 2, 3, 4}


def test_people_stay_at_their_table() -> None:
    people = tuple(Person(pk, frozenset(range(4))) for pk in range(1, 11))
    wishes: dict[tuple[int, int], Mark] = {(1, pk): "want" for pk in (2, 3, 4, 5)}
    wishes |= {(6, pk): "want" for pk in (7, 8, 9, 10)}
    found = solve(Problem(people, (2,) * 4, 0, wishes), seconds=5)
    for host in (1, 6):
        assert len({meeting.table for meeting in found.meetings if host in meeting.pair}) == 1


def test_computation_tells_how_far_it_is_and_stops_when_asked() -> None:
    heard: list[Progress] = []
    solve(wishing(40, 10, 15), seconds=10, report=heard.append)
    assert heard
    assert all(0 <= one.share <= 1 for one in heard)
    assert any(one.bound for one in heard)
    stopped = solve(wishing(40, 10, 15), seconds=10, should_stop=lambda: True)
    assert stopped.stopped
    assert stopped.bounds.wishes >= stopped.figures.wishes


def test_too_little_time_still_gives_a_timetable_and_an_honest_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solver, "choose", lambda *args: None)
    problem = wishing(30, 8, 10)
    found = solve(problem, seconds=3)
    check(problem, found)
    assert len(found.meetings) > 40
    assert found.figures.wishes <= found.bounds.wishes


def test_problem_refuses_what_cannot_be() -> None:
    people = (Person(1, frozenset({0})), Person(2, frozenset({0})), Person(3, frozenset({0})))
    with pytest.raises(ValueError, match="Locked twice"):
        Problem(people, (2,), locked={(1, 2): 0, (1, 3): 0})
    with pytest.raises(ValueError, match="no slot"):
        Problem(people, (2,), locked={(1, 2): 4})


def test_reasons_say_why_a_wish_was_not_met() -> None:
    people = (
        Person(1, frozenset({0, 1}), 5),
        Person(2, frozenset({0, 1}), 5),
        Person(3, frozenset({1})),
        Person(4, frozenset({0})),
        Person(5, frozenset({0, 1})),
        Person(6, frozenset()),
    )
    wishes: dict[tuple[int, int], Mark] = {
        (1, 2): "want",
        (3, 4): "want",
        (1, 5): "want",
        (5, 1): "no",
        (6, 1): "want",
        (1, 3): "want",
        (3, 1): "want",
        (5, 3): "want",
    }
    problem = Problem(people, (1, 1), 1, wishes)
    placed = {meeting.pair: meeting.slot for meeting in solve(problem, seconds=5).meetings}
    assert placed[1, 3] == 1
    said = Explainer(problem, placed)
    assert said.not_met((1, 2)) == Cause.SAME_GROUP
    assert said.not_met((3, 4)) == Cause.NO_COMMON_SLOT
    assert said.not_met((1, 5)) == Cause.RULED_OUT
    assert said.not_met((1, 6)) == Cause.NO_COMMON_SLOT
    assert said.not_met((3, 5)) == Cause.BUSY
    assert said.few(6) == Cause.NEVER_THERE
    assert said.few(4) == Cause.NOBODY
