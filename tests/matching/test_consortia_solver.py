"""Teams from plain values: what is promised, against brute force and under change."""

from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.consortia.facts import Facts, only_covered_by
from matching.consortia.fit import fits_to_idea
from matching.consortia.helps import what_would_help
from matching.consortia.problem import Problem, value_of
from matching.consortia.request import Candidate, Request, Role, empty_places, shortfall_of
from matching.consortia.search import least_shortfall, propose_teams
from matching.consortia.swaps import Swaps
from matching.engine.profile import Bilingual

KEYS = ("a", "b", "c", "d")


def problem_of(
    request: Request, people: list[Candidate], scores: Any = None, apart: Any = frozenset()
) -> Problem:
    count = len(people)
    table = np.zeros((count, count)) if scores is None else np.array(scores, dtype=float)
    return Problem(request, people, table, np.zeros((count, count), dtype=bool), frozenset(apart))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to eight candidates, with whatever they hold and however they fit."""
    count = draw(st.integers(1, 8))
    keys = st.frozensets(st.sampled_from(KEYS), max_size=3)
    people = [
        Candidate(
            id=number,
            holds=draw(keys),
            roles=draw(st.frozensets(st.sampled_from(("r", "s")), max_size=2)),
            region=draw(st.sampled_from(("", "x", "y"))),
            stages=draw(st.frozensets(st.sampled_from(("1", "2")), max_size=2)),
            fit=draw(st.sampled_from((0.0, 0.5, 1.0))),
        )
        for number in range(1, count + 1)
    ]
    scores = np.zeros((count, count))
    competing = np.zeros((count, count), dtype=bool)
    for one, other in combinations(range(count), 2):
        scores[one, other] = scores[other, one] = draw(st.integers(0, 10)) / 10
        competing[one, other] = competing[other, one] = draw(st.booleans())
    most = draw(st.integers(1, 4))
    request = Request(
        musts=draw(st.frozensets(st.sampled_from(KEYS[:3]), max_size=2)),
        cans=frozenset({"d"}),
        roles=(Role("r", draw(st.integers(1, 2))),) if draw(st.booleans()) else (),
        min_size=draw(st.integers(1, most)),
        max_size=most,
        required_regions=draw(st.frozensets(st.sampled_from(("x", "y")), max_size=1)),
        wanted_regions=frozenset({"y"}),
        fixed=frozenset({1}) if draw(st.booleans()) else frozenset(),
    )
    apart = frozenset({(1, 2)}) if draw(st.booleans()) and count > 1 else frozenset()
    return Problem(request, people, scores, competing, apart)


def possible(problem: Problem) -> list[tuple[tuple[int, int, int, int], int, frozenset[int]]]:
    """Every team that keeps the hard rules: what it lacks, what it is worth, who is in it."""
    found = []
    request = problem.request
    rows = range(len(problem.candidates))
    for size in range(request.max_size + 1):
        for team in combinations(rows, size):
            ids = frozenset(problem.candidates[row].id for row in team)
            pairs = sum(bool(problem.competing[a, b]) for a, b in combinations(team, 2))
            apart = any({a, b} <= ids for a, b in problem.apart)
            if request.fixed <= ids and pairs <= request.competing_pairs and not apart:
                lacks = shortfall_of(request, [problem.candidates[row] for row in team]).level()
                found.append((lacks, value_of(problem, ids), ids))
    return found


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_first_team_is_the_best_of_all_possible_ones(problem: Problem) -> None:
    every = possible(problem)
    least = min(lacks for lacks, _value, _ids in every)
    best = max(value for lacks, value, _ids in every if lacks == least)
    outcome = propose_teams(problem)
    assert outcome.shortfall.level() == least
    assert outcome.teams[0].value == best <= outcome.teams[0].bound


@settings(max_examples=40, deadline=None)
@given(problems())
def test_teams_keep_sizes_and_rules_and_differ_by_two_members(problem: Problem) -> None:
    allowed = {ids: (lacks, value) for lacks, value, ids in possible(problem)}
    outcome = propose_teams(problem)
    teams = [frozenset(team.ids) for team in outcome.teams]
    for team, found in zip(teams, outcome.teams, strict=True):
        lacks, value = allowed[team]
        assert (lacks, value) == (outcome.shortfall.level(), found.value)
    for before, after in combinations(teams, 2):
        free = before - problem.request.fixed
        assert len(free - after) >= min(2, len(free))


@settings(max_examples=30, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_matters(problem: Problem, chance: Any) -> None:
    order = list(range(len(problem.candidates)))
    chance.shuffle(order)
    turned = Problem(
        problem.request,
        [problem.candidates[row] for row in order],
        problem.scores[np.ix_(order, order)],
        problem.competing[np.ix_(order, order)],
        problem.apart,
    )
    assert propose_teams(turned) == propose_teams(problem)


@settings(max_examples=30, deadline=None)
@given(problems())
def test_one_more_candidate_never_makes_the_best_team_worse(problem: Problem) -> None:
    if len(problem.candidates) < 2 or problem.candidates[-1].id in problem.request.fixed:
        return
    fewer = Problem(
        problem.request,
        problem.candidates[:-1],
        problem.scores[:-1, :-1],
        problem.competing[:-1, :-1],
        problem.apart,
    )
    before, after = propose_teams(fewer), propose_teams(problem)
    assert after.shortfall.level() <= before.shortfall.level()
    if after.shortfall.level() == before.shortfall.level():
        assert after.teams[0].value >= before.teams[0].value


def test_musts_nobody_has_are_named_instead_of_no_answer() -> None:
    people = [Candidate(1, holds=frozenset({"a"})), Candidate(2)]
    request = Request(musts=frozenset({"a", "b"}), min_size=1, max_size=2)
    outcome = propose_teams(problem_of(request, people))
    assert outcome.shortfall.musts == ("b",)
    assert 1 in outcome.teams[0].ids


def test_it_says_which_demand_relaxed_would_help() -> None:
    people = [
        Candidate(1, holds=frozenset({"a"})),
        Candidate(2, holds=frozenset({"b"})),
        Candidate(3, roles=frozenset({"r"})),
    ]
    request = Request(musts=frozenset({"a", "b"}), roles=(Role("r"),), min_size=1, max_size=2)
    problem = problem_of(request, people)
    level = least_shortfall(problem)
    assert level == (0, 1, 0, 0)
    helps = what_would_help(problem, level)
    assert [(one.kind, one.amount) for one in helps] == [("size", 1), ("roles", 0)]
    assert what_would_help(problem, (0, 0, 0, 0)) == ()


def test_each_member_fills_one_role_only() -> None:
    both = Candidate(1, roles=frozenset({"r", "s"}))
    assert empty_places([Role("r"), Role("s")], [both]) == {"s": 1}
    assert empty_places([Role("r"), Role("s")], [both, Candidate(2, roles=frozenset({"r"}))]) == {}


def test_replacements_keep_what_the_team_has() -> None:
    people = [
        Candidate(1, holds=frozenset({"a"})),
        Candidate(2, holds=frozenset({"b"})),
        Candidate(3, holds=frozenset({"b"}), fit=0.4),
        Candidate(4, fit=1.0),
    ]
    request = Request(musts=frozenset({"a", "b"}), min_size=2, max_size=2)
    swaps = Swaps(problem_of(request, people))
    assert [one.id for one in swaps.replacements((1, 2), 2)] == [3]
    lost = swaps.replacements((1, 2), 1)
    assert [one.id for one in lost] == [4, 3]
    assert {one.loses for one in lost} == {("a",)}


def test_large_problems_come_with_a_bound_that_holds() -> None:
    chance = np.random.default_rng(3)
    count = 70
    half = np.triu(np.round(chance.random((count, count)), 3), 1)
    people = [
        Candidate(
            number,
            holds=frozenset(key for key in KEYS if chance.random() < 0.2),
            stages=frozenset({str(number % 5)}),
            fit=float(round(chance.random(), 2)),
        )
        for number in range(count)
    ]
    request = Request(musts=frozenset(KEYS[:3]), cans=frozenset("d"), min_size=2, max_size=3)
    problem = problem_of(request, people, half + half.T)
    outcome = propose_teams(problem, count=1)
    best = max(
        value_of(problem, team)
        for size in (2, 3)
        for team in combinations(range(count), size)
        if frozenset(KEYS[:3]) <= frozenset().union(*(people[one].holds for one in team))
    )
    assert outcome.shortlisted < count
    assert outcome.teams[0].value <= best <= outcome.teams[0].bound
    assert outcome.teams[0].value >= 0.98 * best


def test_facts_survive_storage_and_know_who_is_needed() -> None:
    facts = Facts(
        terms={"a": 4, "b": 0}, roles=("r",), region="x", stages=("1",), fit=0.5, knows=(2,)
    )
    assert Facts.from_dict(facts.as_dict()) == facts
    team = {1: facts, 2: Facts(terms={"b": 0})}
    assert only_covered_by(team, {"a", "b"}) == {1: ["a"], 2: []}


def test_texts_close_to_the_idea_fit_best() -> None:
    texts = [Bilingual(de=text, en=text) for text in ("Wasserstoff", "Sensorik für Getriebe", "")]
    fits = fits_to_idea("Wir planen Sensorik für Getriebe.", texts)
    assert fits.argmax() == 1
    assert fits_to_idea("", texts).tolist() == [0, 0, 0]
    assert fits_to_idea("", texts, [0.2, 0.1, 2.0]).tolist() == [0.2, 0.1, 1.0]
