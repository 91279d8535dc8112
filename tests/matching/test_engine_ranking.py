"""Lists: what is on them, in which order, and what nobody may infer from them."""

import random
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.choice import choose_varied
from matching.engine.profile import Confidentiality, Profile, Statement, Weights, inputs_hash
from tests.matching.engine_world import TODAY, VOCABULARY, find, lists, worlds

SAME_FOCUS = {
    "main_field": "mobility",
    "fields": frozenset({"mobility"}),
    "sectors": frozenset({"C"}),
    "stages": frozenset({"system"}),
}


def test_small_example_by_hand() -> None:
    one = Profile(
        1,
        fields=frozenset({"mobility"}),
        sectors=frozenset({"C"}),
        stages=frozenset({"component"}),
        cross_cutting_terms=frozenset({"ai"}),
        needs=(Statement(1, terms=frozenset({"sensors"})),),
    )
    other = Profile(
        2,
        fields=frozenset({"health"}),
        sectors=frozenset({"C"}),
        stages=frozenset({"system"}),
        cross_cutting_terms=frozenset({"ai"}),
        offers=(Statement(2, terms=frozenset({"sensors"})),),
    )
    result = find(lists([one, other]), 1, 2)
    assert result.parts_forward == {
        "need": 0.6,  # shared term, no text
        "chain": 1.0,
        "bridge": 1.0,
        "cross_innovation": 1.0,  # overlap 1/3
        "text": 0.0,
        "trust": 0.25,
    }
    assert result.parts_backward == {**result.parts_forward, "need": 0.25}
    forward = 0.3 * 0.6 + 0.15 * (1 + 1 + 1 + 0.25)
    backward = 0.3 * 0.25 + 0.15 * (1 + 1 + 1 + 0.25)
    assert result.benefit_forward == pytest.approx(forward) == 0.6675
    assert result.benefit_backward == pytest.approx(backward) == 0.5625
    assert result.score == pytest.approx(2 * forward * backward / (forward + backward), abs=1e-6)
    assert result.score == 0.610518
    assert result.exposure_factor == 1.0
    assert find(lists([one, other]), 2, 1).score == result.score


@settings(max_examples=40, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_lists_and_hash_do_not_depend_on_the_order_of_the_input(
    world: list[Profile], order: random.Random
) -> None:
    shuffled = [replace(p, needs=p.needs[::-1], offers=p.offers[::-1]) for p in world]
    order.shuffle(shuffled)
    assert lists(shuffled) == lists(world)
    assert lists(shuffled, block_size=2) == lists(world)
    hashes = {
        inputs_hash(w, Weights(), vocabulary=VOCABULARY, audience="clusters", today=TODAY)
        for w in (world, shuffled)
    }
    assert len(hashes) == 1


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from(("public", "clusters")))
def test_hidden_statements_change_nothing_for_a_lower_audience(
    world: list[Profile], audience: Confidentiality
) -> None:
    allowed = ("public",) if audience == "public" else ("public", "clusters")
    without = [
        replace(
            p,
            needs=tuple(s for s in p.needs if s.confidentiality in allowed),
            offers=tuple(s for s in p.offers if s.confidentiality in allowed),
        )
        for p in world
    ]
    assert lists(world, audience=audience) == lists(without, audience=audience)
    hashes = {
        inputs_hash(w, Weights(), vocabulary=VOCABULARY, audience=audience, today=TODAY)
        for w in (world, without)
    }
    assert len(hashes) == 1


def test_staff_see_the_match_that_clusters_must_not() -> None:
    secret = Statement(1, "Sensorik für Getriebe", confidentiality="staff")
    world = [
        Profile(1, needs=(secret,)),
        Profile(2, offers=(Statement(2, "Sensorik für Getriebe"),)),
    ]
    assert find(lists(world, audience="staff"), 2, 1).facts.offers_wanted
    hidden = find(lists(world, audience="clusters"), 2, 1)
    assert hidden.facts.offers_wanted == ()
    assert "Getriebe" not in repr(hidden)


def test_hash_changes_with_weights_and_with_a_profile() -> None:
    def hashed(profile: Profile, weights: Weights) -> str:
        return inputs_hash(
            [profile], weights, vocabulary=VOCABULARY, audience="clusters", today=TODAY
        )

    first = hashed(Profile(1), Weights())
    assert first == hashed(Profile(1), Weights())
    assert first != hashed(Profile(1), Weights(version=2))
    assert first != hashed(Profile(1, text_de="Neu"), Weights())
    assert first != hashed(Profile(1, cooperations={2: 1}), Weights())


@pytest.mark.parametrize("wrong", [{"need": 0.31}, {"need": -0.1, "text": 0.5}, {"trust": 0.0}])
def test_weights_must_sum_to_1_and_not_be_negative(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Weights(**wrong)  # type: ignore[arg-type]  # only figures are drawn
    assert sum(Weights().as_dict().values()) == pytest.approx(1)


def test_competition_damps_to_60_percent_and_never_excludes() -> None:
    one, rival = Profile(1, **SAME_FOCUS), Profile(2, **SAME_FOCUS)  # type: ignore[arg-type]
    rest = [Profile(number, fields=frozenset({"health"})) for number in range(3, 30)]
    result = find(lists([one, rival], from_another_field=0), 1, 2)
    unrelated = find(lists([one, replace(rival, main_field="other")]), 1, 2)
    assert result.facts.competing
    assert not unrelated.facts.competing
    assert result.competition_factor == 0.6
    assert result.score == pytest.approx(0.6 * unrelated.score, abs=1e-6)
    assert any("Wettbewerb" in reason["de"] for reason in result.counter_reasons)
    assert find(lists([one, rival, *rest], count=28), 1, 2).facts.competing


@pytest.mark.parametrize("asking", [1, 2])
def test_who_answers_a_need_is_no_competitor(asking: int) -> None:
    need, offer = Statement(1, terms=frozenset({"ai"})), Statement(2, terms=frozenset({"ai"}))
    world = [
        Profile(
            number,
            **SAME_FOCUS,  # type: ignore[arg-type]
            needs=(need,) if number == asking else (),
            offers=() if number == asking else (offer,),
        )
        for number in (1, 2)
    ]
    result = find(lists(world), 1, 2)
    assert not result.facts.competing
    assert result.competition_factor == 1.0


@pytest.mark.parametrize("missing", ["sectors", "stages"])
def test_missing_data_accuses_nobody_of_competing(missing: str) -> None:
    gap = {**SAME_FOCUS, missing: frozenset()}
    world = [Profile(number, **gap) for number in (1, 2)]  # type: ignore[arg-type]
    assert not find(lists(world), 1, 2).facts.competing


def test_at_least_two_come_from_another_field_where_there_are_any() -> None:
    near = [
        Profile(
            number,
            fields=frozenset({"mobility"}),
            cross_cutting_terms=frozenset({"ai"}),
            text_de="Sensorik für Getriebe",
        )
        for number in range(1, 80)
    ]
    far = [Profile(number, fields=frozenset({"culture"})) for number in range(80, 83)]

    def others(world: list[Profile]) -> int:
        return sum(bool(result.facts.other_fields) for result in lists(world, only_for={1})[1])

    assert others([*near, *far]) == 2
    assert others([*near, *far[:1]]) == 1
    assert others(near) == 0
    # Not owed to variety alone: without the promise fit prefers the own field.
    free = lists([*near, *far], only_for={1}, from_another_field=0, count=1)[1]
    assert not free[0].facts.other_fields


@settings(max_examples=40, deadline=None)
@given(worlds(least=2))
def test_promise_of_two_other_fields_holds_in_every_world(world: list[Profile]) -> None:
    for profile_id, listed in lists(world, count=4).items():
        own = world[profile_id - 1].fields
        available = [
            p
            for p in world
            if p.id != profile_id and p.agreed_to_be_suggested and own and p.fields
            if not p.fields & own
        ]
        found = sum(bool(result.facts.other_fields) for result in listed)
        assert found >= min(2, len(available))


@settings(max_examples=40, deadline=None)
@given(worlds(least=2), st.sampled_from(("all", "new", "deepen")), st.integers(1, 8))
def test_no_list_holds_who_must_not_be_on_it_or_too_many(
    world: list[Profile], kind: str, count: int
) -> None:
    excluded = [(1, 2)]
    agreed = {p.id for p in world if p.agreed_to_be_suggested}
    results = lists(world, kind=kind, count=count, excluded=excluded)
    assert results.keys() == {p.id for p in world}
    for profile_id, listed in results.items():
        named = [result.v for result in listed]
        assert len(named) == len(set(named)) <= count
        assert set(named) <= agreed - {profile_id}
        assert not {(profile_id, one) for one in named} & {(1, 2), (2, 1)}
        assert [result.rank for result in listed] == list(range(1, len(named) + 1))
        if kind == "all":
            # Damping, of competitors or of those seen often, moves but never removes.
            available = agreed - {profile_id} - ({3 - profile_id} if profile_id < 3 else set())
            assert len(named) == min(count, len(available))


def test_ties_go_to_the_lower_id_and_lists_hold_eight() -> None:
    results = lists([Profile(number) for number in range(1, 21)])
    assert [result.v for result in results[1]] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert [result.rank for result in results[1]] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_variety_prefers_a_new_field_to_a_slightly_better_twin() -> None:
    fields = np.array([[[1], [1], [1], [2]]], dtype=np.uint64)
    chosen = choose_varied(
        np.array([[np.nan, 0.9, 0.88, 0.75]]),
        fields,
        np.zeros((1, 1), dtype=np.uint64),
        np.zeros((1, 4), dtype=bool),
        count=2,
        from_another_field=0,
    )
    # 0.85·0.88/0.9 − 0.15·1 = 0.681 < 0.85·0.75/0.9 = 0.708
    assert chosen.tolist() == [[1, 3]]


@pytest.mark.parametrize(
    ("worth", "expected"), [(0.64, [0, 1, 3]), (0.62, [0, 1, 2])], ids=["cheap", "dear"]
)
def test_a_rarely_seen_one_gets_the_weakest_seat_where_it_costs_little(
    worth: float, expected: list[int]
) -> None:
    chosen = choose_varied(
        np.array([[0.9, 0.8, 0.7, worth]]),
        np.zeros((1, 4, 1), dtype=np.uint64),
        np.zeros((1, 1), dtype=np.uint64),
        np.array([[False, False, False, True]]),
        count=3,
        from_another_field=0,
    )
    # A tenth of .7 may be lost: .63 is the border.
    assert sorted(chosen[0]) == expected


def test_a_rarely_seen_one_never_takes_the_seat_of_another_field() -> None:
    own, other = 1, 2
    chosen = choose_varied(
        np.array([[0.9, 0.8, 0.6, 0.59]]),
        np.array([[[own], [own], [other], [own]]], dtype=np.uint64),
        np.array([[own]], dtype=np.uint64),
        np.array([[False, False, False, True]]),
        count=3,
        from_another_field=1,
    )
    # The other field is weakest but promised, and .8 would be too dear.
    assert sorted(chosen[0]) == [0, 1, 2]


def test_a_list_begins_with_the_best_though_variety_chose_it_late() -> None:
    def partner(number: int, field: str, projects: int) -> Profile:
        return Profile(number, fields=frozenset({field}), cooperations={1: projects})

    asking = Profile(1, fields=frozenset({"health"}))
    world = [partner(2, "energy", 9), partner(3, "energy", 8), partner(4, "culture", 1)]
    listed = lists([asking, *world])[1]
    scores = [result.listed_score for result in listed]
    assert scores == sorted(scores, reverse=True)
    assert [result.v for result in listed] == [2, 3, 4]


def test_nobody_is_suggested_against_their_will_or_against_an_exclusion() -> None:
    world = [Profile(1), Profile(2, agreed_to_be_suggested=False), Profile(3), Profile(4)]
    results = lists(world, excluded=[(3, 1), (99, 1)])
    assert [result.v for result in results[1]] == [4]
    assert [result.v for result in results[3]] == [4]
    assert [result.v for result in results[2]] == [1, 3, 4]


def test_those_who_fit_everybody_do_not_take_all_seats() -> None:
    wide = np.array([[True] * 6 + [False] * 4])
    chosen = choose_varied(
        np.array([[0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.4, 0.3, 0.2]]),
        np.zeros((1, 10, 1), dtype=np.uint64),
        np.zeros((1, 1), dtype=np.uint64),
        np.zeros((1, 10), dtype=bool),
        wide,
        count=5,
        from_another_field=0,
    )
    assert sorted(chosen[0].tolist()) == [0, 1, 2, 6, 7]
    # Where nobody else is left, no seat stays empty.
    alone = choose_varied(
        np.array([[0.9, 0.8, 0.7]]),
        np.zeros((1, 3, 1), dtype=np.uint64),
        np.zeros((1, 1), dtype=np.uint64),
        np.zeros((1, 3), dtype=bool),
        np.ones((1, 3), dtype=bool),
        count=3,
        from_another_field=0,
    )
    assert sorted(alone[0].tolist()) == [0, 1, 2]


def test_exposure_damping_lowers_who_fits_everybody() -> None:
    star = Profile(1, cooperations={2: 3, 3: 3})
    crowd = [Profile(2), Profile(3)]
    loner = Profile(4)
    results = lists([star, *crowd, loner])
    assert find(results, 2, 1).exposure_factor < 1 < find(results, 2, 4).exposure_factor
    result = find(results, 2, 1)
    assert result.listed_score == pytest.approx(result.score * result.exposure_factor, abs=1e-6)


def test_of_two_equal_fits_the_rarely_seen_one_is_listed_first() -> None:
    topic = frozenset({"hydrogen"})
    star = Profile(1, followed_topics=topic, events_attended=frozenset({9}))
    middle = [Profile(number, followed_topics=topic) for number in (2, 3, 4)]
    asking, rare = (Profile(number, events_attended=frozenset({9})) for number in (5, 6))
    results = lists([star, *middle, asking, rare])
    assert find(results, 5, 1).score == find(results, 5, 6).score
    assert [result.v for result in results[5]][:2] == [6, 1]


def test_only_the_wanted_lists_are_made_but_from_all_profiles() -> None:
    world = [Profile(n, text_de=f"Text {n}") for n in (1, 2, 3)]
    assert lists(world, only_for={2}) == {2: lists(world)[2]}


def test_empty_and_lonely_worlds_give_empty_lists() -> None:
    assert lists([]) == {}
    assert lists([Profile(7)]) == {7: ()}


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("matching.engine.hints", ("numpy", "scipy", "sklearn", "django")),
        ("matching.engine.reasons", ("numpy", "scipy", "sklearn", "django")),
        ("matching.engine.ranking", ("scipy", "sklearn", "django")),
    ],
)
def test_start_up_stays_light(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*({absent!r} & sys.modules.keys()))".replace(
        repr(absent), f"set({absent!r})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
