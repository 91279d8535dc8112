"""The assignment of workshops: what every plan keeps, and that no plan is better."""

import ast
import random
from collections import Counter, defaultdict
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.assignment import (
    Cause,
    Participant,
    Plan,
    Problem,
    Sitting,
    assign,
    cost_of,
    demand,
    is_quick,
    missed_wishes,
)

FOLDER = Path(__file__).parents[2] / "events" / "assignment"


@st.composite
def problems(draw: st.DrawFn, people: int = 14, runs: int = 3, workshops: int = 5) -> Problem:
    """Any offer: even or uneven rooms, workshops in some runs, two rooms, limits, kept places."""
    names = [f"w{n}" for n in range(draw(st.integers(1, workshops)))]
    even = draw(st.booleans())
    capacities = st.one_of(st.none(), st.integers(0, people // 2))
    own = {name: draw(capacities) for name in names}
    sittings: list[Sitting] = []
    for run, name in product(range(1, draw(st.integers(1, runs)) + 1), names):
        for _room in range(1 if even else draw(st.sampled_from([0, 1, 1, 1, 2]))):
            capacity = own[name] if even else draw(capacities)
            sittings.append(Sitting(len(sittings) + 1, name, run, capacity))
    keeps = draw(st.booleans())
    participants = []
    for pk in range(1, draw(st.integers(0, people)) + 1):
        wishes = draw(st.permutations(names))[: draw(st.integers(0, len(names)))]
        kept = [s for s in sittings if keeps and draw(st.integers(0, 5)) == 0]
        own_runs, own_names, stays = set[int](), set[str](), []
        for sitting in kept:
            if sitting.run not in own_runs and sitting.workshop not in own_names:
                own_runs.add(sitting.run)
                own_names.add(sitting.workshop)
                stays.append(sitting.id)
        cluster = draw(st.one_of(st.none(), st.integers(1, 4)))
        participants.append(Participant(pk, tuple(wishes), cluster, tuple(stays)))
    return Problem(tuple(participants), tuple(sittings))


def check(problem: Problem, plan: Plan) -> None:
    """Say what is true of every plan."""
    sittings = {one.id: one for one in problem.sittings}
    people = {one.id: one for one in problem.participants}
    taken = Counter(place.session for place in plan.places)
    staying = Counter(pk for one in problem.participants for pk in one.kept)
    for pk, number in taken.items():
        capacity = sittings[pk].capacity
        assert capacity is None or number <= max(capacity, staying[pk])
    in_run = Counter((place.participant, sittings[place.session].run) for place in plan.places)
    in_workshop = Counter(
        (place.participant, sittings[place.session].workshop) for place in plan.places
    )
    assert set(in_run.values()) <= {1}
    assert set(in_workshop.values()) <= {1}
    # Nobody is lost: each person has a place in each run or is named as having none.
    runs = {one.run for one in problem.sittings}
    assert set(in_run) | set(plan.unplaced) == set(product(people, runs))
    assert not set(in_run) & set(plan.unplaced)
    held = {(place.participant, place.session) for place in plan.places}
    for one in problem.participants:
        assert {(one.id, pk) for pk in one.kept} <= held
    for place in plan.places:
        wishes = people[place.participant].wishes
        workshop = sittings[place.session].workshop
        assert place.rank == (wishes.index(workshop) + 1 if workshop in wishes else None)
        assert place.kept == (place.session in people[place.participant].kept)
    assert plan.cost == cost_of(problem, [(p.participant, p.rank) for p in plan.places])
    assert plan.bound <= plan.cost
    assert plan.pairs_after <= plan.pairs_before
    assert sum(one.missing for one in plan.shortages) == len(plan.unplaced)
    for short in plan.shortages:
        assert short.people >= short.missing > 0


@given(problems())
@settings(max_examples=150, deadline=None)
def test_capacities_hold_nobody_is_twice_anywhere_or_lost_and_kept_places_stay(
    problem: Problem,
) -> None:
    plan = assign(problem)
    check(problem, plan)
    assert plan.is_best


@given(problems(people=10), st.integers(0, 2**31))
@settings(max_examples=40, deadline=None)
def test_same_people_and_rooms_in_any_order_get_the_same_plan(problem: Problem, seed: int) -> None:
    mixed = random.Random(seed)
    people, sittings = list(problem.participants), list(problem.sittings)
    mixed.shuffle(people)
    mixed.shuffle(sittings)
    assert assign(Problem(tuple(people), tuple(sittings))) == assign(problem)


def best_by_trying(problem: Problem) -> tuple[int, int]:
    """Return (missing places, cost) of the best plan, by trying all of them."""
    runs = sorted({one.run for one in problem.sittings})
    capacity: dict[int, int | None] = {one.id: one.capacity for one in problem.sittings}
    for one in problem.participants:
        for pk in one.kept:
            before = capacity[pk]
            capacity[pk] = None if before is None else before - 1
    sittings = {one.id: one for one in problem.sittings}

    def ways(one: Participant) -> list[tuple[int | None, ...]]:
        kept = {sittings[pk].run: pk for pk in one.kept}
        choices = [
            [kept[run]]
            if run in kept
            else [None, *(s.id for s in problem.sittings if s.run == run)]
            for run in runs
        ]
        found = []
        for way in product(*choices):
            names = [sittings[pk].workshop for pk in way if pk is not None]
            if len(names) == len(set(names)):
                found.append(way)
        return found

    # State: how many more were let into each session; value: the cheapest way there.
    states: dict[tuple[int, ...], tuple[int, int]] = {tuple(0 for _ in sittings): (0, 0)}
    order = {pk: index for index, pk in enumerate(sittings)}
    for one in problem.participants:
        following: dict[tuple[int, ...], tuple[int, int]] = {}
        for taken, (missing, cost) in states.items():
            for way in ways(one):
                used, fits = list(taken), True
                ranks: list[int | None] = []
                for session in way:
                    if session is None:
                        continue
                    name = sittings[session].workshop
                    ranks.append(one.wishes.index(name) + 1 if name in one.wishes else None)
                    if session not in one.kept:
                        used[order[session]] += 1
                        limit = capacity[session]
                        fits = fits and (limit is None or used[order[session]] <= limit)
                if fits:
                    value = (
                        missing + sum(pk is None for pk in way),
                        cost + cost_of(problem, [(one.id, rank) for rank in ranks]),
                    )
                    key = tuple(used)
                    following[key] = min(following.get(key, value), value)
        states = following
    return min(states.values())


def with_wishes(problem: Problem) -> Problem:
    """Let everybody have a wish: who goes without a place must not be a question of wishes."""
    first = problem.sittings[0].workshop if problem.sittings else "w0"
    return Problem(
        tuple(
            Participant(one.id, one.wishes or (first,), one.cluster, one.kept)
            for one in problem.participants
        ),
        problem.sittings,
    )


@given(problems(people=5, runs=2, workshops=3).map(with_wishes))
@settings(max_examples=120, deadline=None)
def test_no_plan_places_more_people_or_costs_less(problem: Problem) -> None:
    plan = assign(problem)
    missing, _cost = best_by_trying(problem)
    assert len(plan.unplaced) == missing
    # A missing place costs as much as an unwished one, and the rest is as cheap as can be.
    if not missing:
        assert plan.cost == best_by_trying(problem)[1]


def even(people: int, runs: int, workshops: int, capacity: int | None, seed: int = 1) -> Problem:
    """Everybody ranks everything; the first workshops are wished for most."""
    chance = random.Random(seed)
    names = [f"w{n:02}" for n in range(workshops)]
    wishes = [
        tuple(sorted(names, key=lambda name: chance.random() * (names.index(name) + 1)))
        for _ in range(people)
    ]
    return Problem(
        tuple(Participant(n + 1, wishes[n], n % 40) for n in range(people)),
        tuple(
            Sitting(n + 1, name, run + 1, capacity)
            for n, (run, name) in enumerate(product(range(runs), names))
        ),
    )


@pytest.mark.parametrize(("people", "runs", "workshops"), [(120, 2, 6), (300, 3, 10)])
def test_even_runs_are_solved_by_one_flow_and_proven_best(
    people: int, runs: int, workshops: int
) -> None:
    problem = even(people, runs, workshops, -(-people // workshops) + 2)
    plan = assign(problem)
    check(problem, plan)
    assert plan.methods == ("flow",)
    assert plan.is_best
    assert plan.unplaced == ()


def test_flow_and_branch_and_bound_agree() -> None:
    problem = even(60, 3, 5, 14)
    # One more place somewhere nobody wishes to be makes the runs unequal.
    extra = Sitting(999, "zz", 2, 0)
    uneven = assign(Problem(problem.participants, (*problem.sittings, extra)))
    plan = assign(problem)
    assert uneven.methods == ("branch_and_bound",)
    assert plan.methods == ("flow",)
    assert uneven.cost == plan.cost


def test_runs_without_a_workshop_in_common_are_solved_apart() -> None:
    people = tuple(Participant(n, ("a", "x") if n % 2 else ("b", "y")) for n in range(1, 9))
    rooms = [("a", 1), ("b", 1), ("x", 2), ("y", 2)]
    sittings = tuple(Sitting(n, name, run, 4) for n, (name, run) in enumerate(rooms, start=1))
    plan = assign(Problem(people, sittings))
    assert plan.methods == ("flow", "flow")
    assert Counter(place.rank for place in plan.places) == {1: 8, 2: 8}


def test_missing_capacity_is_named_with_its_run_and_number() -> None:
    problem = even(10, 2, 3, 4)
    fewer = tuple(
        Sitting(one.id, one.workshop, one.run, 1 if one.run == 2 else 4) for one in problem.sittings
    )
    plan = assign(Problem(problem.participants, fewer))
    check(Problem(problem.participants, fewer), plan)
    (short,) = plan.shortages
    assert (short.run, short.people, short.places, short.missing) == (2, 10, 3, 7)
    assert short.whole_run
    assert len(plan.places) == 13


def test_too_few_different_workshops_are_named() -> None:
    people = tuple(Participant(n, ("a", "b")) for n in range(1, 4))
    sittings = (Sitting(1, "a", 1, 3), Sitting(2, "a", 2, 0), Sitting(3, "b", 2, 1))
    plan = assign(Problem(people, sittings))
    # In run 2 only b is left to whoever was in a: one place for three people.
    (short,) = plan.shortages
    assert (short.run, short.workshops, short.whole_run) == (2, ("b",), False)
    assert (short.people, short.places, short.missing) == (3, 1, 2)


def test_the_same_workshop_alone_in_two_runs_is_not_enough() -> None:
    people = tuple(Participant(n, ("a",)) for n in range(1, 4))
    plan = assign(Problem(people, (Sitting(1, "a", 1, 9), Sitting(2, "a", 2, 9))))
    assert len(plan.places) == 3
    assert sum(short.missing for short in plan.shortages) == 3
    assert {short.workshops for short in plan.shortages} == {()}


def test_late_people_are_placed_and_nobody_else_moves() -> None:
    problem = even(40, 3, 4, 12)
    first = assign(problem)
    kept: defaultdict[int, list[int]] = defaultdict(list)
    for place in first.places:
        kept[place.participant].append(place.session)
    stay = tuple(
        Participant(one.id, one.wishes, one.cluster, tuple(kept[one.id]))
        for one in problem.participants
    )
    late = Participant(99, ("w03", "w02", "w01", "w00"))
    second = assign(Problem((*stay, late), problem.sittings))
    check(Problem((*stay, late), problem.sittings), second)
    before = {(p.participant, p.session) for p in first.places}
    after = {(p.participant, p.session) for p in second.places}
    assert before < after
    assert {person for person, _session in after - before} == {99}


def test_clusters_are_mixed_where_nobody_pays_for_it() -> None:
    # Four clusters arrive one after the other; nobody minds the order of their workshops.
    people = tuple(Participant(n, ("a", "b"), cluster=(n - 1) // 6) for n in range(1, 25))
    sittings = tuple(
        Sitting(n, name, run, 12)
        for n, (run, name) in enumerate(product((1, 2), ("a", "b")), start=1)
    )
    plan = assign(Problem(people, sittings))
    assert plan.cost == 24 * (1 + 4)
    # Six people of a cluster over two rooms, three and three, in both runs.
    assert plan.pairs_after == 4 * 2 * 2 * 3


def test_two_rooms_of_one_workshop_share_its_people() -> None:
    people = tuple(Participant(n, ("a",), cluster=n % 2) for n in range(8))
    plan = assign(Problem(people, (Sitting(1, "a", 1, 4), Sitting(2, "a", 1, 4))))
    assert Counter(place.session for place in plan.places) == {1: 4, 2: 4}
    assert plan.pairs_after == 4


def test_everybody_learns_why_the_first_wish_failed() -> None:
    people = tuple(Participant(n, ("a", "b")) for n in range(1, 13))
    problem = Problem(people, (Sitting(1, "a", 1, 10), Sitting(2, "b", 1, 10)))
    plan = assign(problem)
    missed = missed_wishes(problem, plan.places)
    without = [pk for pk, wishes in missed.items() if wishes]
    assert len(without) == 2
    (reason,) = missed[without[0]]
    assert (reason.workshop, reason.rank, reason.cause) == ("a", 1, Cause.FULL)
    wanted = next(one for one in demand(problem) if one.workshop == "a")
    assert (wanted.first, wanted.wishes, wanted.places) == (12, 12, 10)


def test_wishes_at_the_same_time_are_told_apart_from_full_ones() -> None:
    problem = Problem(
        (Participant(1, ("a", "b", "c")),),
        (Sitting(1, "a", 1, 5), Sitting(2, "b", 1, 5), Sitting(3, "c", 2, 5)),
    )
    missed = missed_wishes(problem, assign(problem).places)
    assert [(one.workshop, one.cause) for one in missed[1]] == [("b", Cause.SAME_TIME)]


def test_large_uneven_problems_are_not_for_a_page() -> None:
    assert is_quick(even(300, 3, 10, 32))
    problem = even(1000, 3, 15, 80)
    assert is_quick(problem)
    assert not is_quick(Problem(problem.participants, (*problem.sittings, Sitting(999, "w00", 1))))


def test_nobody_and_nothing_are_plans_too() -> None:
    assert assign(Problem((), ())).places == ()
    assert assign(Problem((Participant(1),), ())).places == ()
    assert assign(Problem((), (Sitting(1, "a", 1, 3),))).places == ()


def test_engine_knows_nothing_of_django() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                inside = name.startswith("events.assignment")
                assert inside or name.split(".")[0] in {
                    "__future__",
                    "collections",
                    "dataclasses",
                    "enum",
                    "functools",
                    "itertools",
                    "numpy",
                    "scipy",
                }, f"{path.name} imports {name}"
