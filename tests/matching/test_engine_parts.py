"""The parts of the directed benefit, one promise each."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from matching.engine.pair import score_pairs
from matching.engine.pairs import pair_figures
from matching.engine.parts import NEUTRAL, harmonic_mean
from matching.engine.profile import PART_NAMES, PartName, Profile, Statement, Weights
from matching.engine.ranking import explain_pair
from tests.matching.engine_world import (
    TODAY,
    VOCABULARY,
    all_pairs,
    find,
    lists,
    prepared,
    worlds,
)


def part(name: PartName, *profiles: Profile) -> float:
    """The part from the first to the second profile."""
    return explain_pair(prepared(profiles), profiles[0].id, profiles[1].id).parts_forward[name]


@settings(max_examples=60, deadline=None)
@given(worlds(least=2))
def test_every_part_and_every_score_lies_between_0_and_1(world: list[Profile]) -> None:
    made = prepared(world)
    for figures in pair_figures(made, *all_pairs(made)):
        assert set(figures.forward.parts) == set(PART_NAMES)
        for values in (*figures.forward.parts.values(), figures.forward.benefit, figures.score):
            assert np.isfinite(values).all()
            assert values.min() >= 0
            assert values.max() <= 1


def test_need_is_half_the_best_answer_and_half_the_mean_of_all() -> None:
    # Terms alone: coverage 1, ½ and 0 of a need, each times the evidence of .6.
    one = Profile(
        1,
        needs=(
            Statement(1, terms=frozenset({"ai", "lasers"})),
            Statement(2, terms=frozenset({"steel"})),
        ),
    )
    other = Profile(
        2,
        offers=(
            Statement(3, terms=frozenset({"ai"})),
            Statement(4, terms=frozenset({"ai", "lasers", "optics"})),
        ),
    )
    assert part("need", one, other) == pytest.approx((0.6 + (0.6 * 1 + 0) / 2) / 2)
    half = replace(other, offers=other.offers[:1])
    assert part("need", one, half) == pytest.approx((0.3 + (0.6 * 0.5 + 0) / 2) / 2)


def test_need_without_any_offer_is_0_and_without_any_need_neutral() -> None:
    asking = Profile(1, needs=(Statement(1, "Sensorik für Getriebe"),))
    silent = Profile(2)
    assert part("need", asking, silent) == 0
    assert part("need", silent, asking) == NEUTRAL


def test_need_and_offer_meet_in_german_or_in_english() -> None:
    german = Statement(1, "Überwachung von Getrieben durch Sensorik", "Something else entirely")
    other = Statement(2, "Ganz anderes", "Monitoring gearboxes with sensors")
    for need, offer in (
        (german, Statement(3, "Sensorik zur Überwachung von Getrieben", "Film festival")),
        (other, Statement(4, "Filmfestival", "Sensors for monitoring gearboxes")),
    ):
        # Unrelated statements make the common syllables cheap, as in a real list.
        rest = Profile(9, offers=(Statement(5, "Beratung zu Fördermitteln", "Funding advice"),))
        assert part("need", Profile(1, needs=(need,)), Profile(2, offers=(offer,)), rest) > 0.5


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({"component"}, {"system"}, 1.0),
        ({"component"}, {"research", "component"}, 1.0),
        ({"research"}, {"use"}, 0.5),
        ({"research"}, {"use", "component"}, 1.0),
        ({"component", "system"}, {"system"}, 0.0),
        ({"component"}, {"component"}, 0.0),
        (set(), {"component"}, NEUTRAL),
        ({"component"}, set(), NEUTRAL),
    ],
)
def test_chain_rewards_the_neighbouring_stage_that_is_lacking(
    mine: set[str], theirs: set[str], expected: float
) -> None:
    one, other = Profile(1, stages=frozenset(mine)), Profile(2, stages=frozenset(theirs))
    assert part("chain", one, other) == expected


def test_bridge_counts_a_rare_common_term_more_than_a_common_one() -> None:
    def profile(number: int, *terms: str) -> Profile:
        return Profile(number, cross_cutting_terms=frozenset(terms))

    crowd = [profile(number, "ai") for number in range(3, 8)]
    rare = part("bridge", profile(1, "ai", "quantum"), profile(2, "quantum", "x"), *crowd)
    common = part("bridge", profile(1, "ai", "quantum"), profile(2, "ai", "x"), *crowd)
    assert rare > common > 0
    # ai in 6 of 7, quantum in 2, x in 1.
    ai, quantum, x = (math.log(8 / (1 + df)) + 1 for df in (6, 2, 1))
    assert rare == pytest.approx(quantum / (ai + quantum + x), abs=1e-6)


def test_a_topic_is_never_taken_for_a_term_of_the_same_name() -> None:
    one = Profile(1, cross_cutting_terms=frozenset({"reuse"}))
    other = Profile(2, followed_topics=frozenset({"reuse"}))
    assert part("bridge", one, other) == 0


@pytest.mark.parametrize(
    ("theirs", "bridge", "expected"),
    [
        ("wxyz", False, 0.0),
        ("wxyz", True, 0.5),
        ("axyz", False, (1 / 7) / 0.25),
        ("abyz", False, 1.0),
        ("abcd", False, 0.3),
        ("abc", False, 1 - 0.7 * 0.25 / 0.5),
    ],
)
def test_cross_innovation_is_highest_at_medium_overlap(
    theirs: str, bridge: bool, expected: float
) -> None:
    terms = frozenset({"ai"}) if bridge else frozenset()
    one = Profile(1, fields=frozenset("ab"), sectors=frozenset("cd"), cross_cutting_terms=terms)
    other = Profile(
        2,
        fields=frozenset(theirs) & frozenset("abwx"),
        sectors=frozenset(theirs) & frozenset("cdyz"),
        cross_cutting_terms=terms,
    )
    assert part("cross_innovation", one, other) == pytest.approx(expected, abs=1e-6)


def test_text_is_scaled_by_the_closest_profile_but_weak_likeness_stays_weak() -> None:
    profiles = [
        Profile(1, text_de="Wasserstoff aus Elektrolyse für die Stahlindustrie"),
        Profile(2, text_de="Wasserstoff aus Elektrolyse für den Verkehr"),
        Profile(3, text_de="Bühnenbild und Theater"),
    ]
    assert part("text", *profiles) > 0.5
    assert part("text", profiles[2], profiles[0], profiles[1]) < 0.3


def test_labels_of_terms_join_the_profile_text_in_both_languages() -> None:
    german = Profile(1, terms=frozenset({"ai"}))
    english = Profile(2, text_en="artificial intelligence")
    assert part("text", german, english, Profile(3, text_en="steel")) > 0.5


def test_trust_without_data_is_neutral_and_every_experience_only_lifts_it() -> None:
    one, other = Profile(1), Profile(2)
    assert part("trust", one, other) == NEUTRAL
    met = part(
        "trust",
        replace(one, events_attended=frozenset({1, 2})),
        replace(other, events_attended=frozenset({2})),
    )
    # The strongest evidence s of both, halfway (as roots) to two joint projects: √(s·2).
    assert met == pytest.approx(lifted(0.5 / math.sqrt(0.5 * 2)), abs=1e-6)
    joint = part("trust", replace(one, cooperations={2: 1}), other)
    assert joint == pytest.approx(lifted(1 / math.sqrt(1 * 2)), abs=1e-6)
    assert part("trust", replace(one, cooperations={2: 3}), other) == pytest.approx(1.0)
    # Partner 77 is not in the list and has two links; one and two projects: √2 / ln 2.
    mutual = part("trust", replace(one, cooperations={77: 1}), replace(other, cooperations={77: 2}))
    way = math.sqrt(2) / math.log(2)
    assert mutual == pytest.approx(lifted(way / math.sqrt(way * max(way, 2))), abs=1e-6)


def lifted(share: float) -> float:
    """Trust for evidence that is this share of what is much."""
    return NEUTRAL + (1 - NEUTRAL) * math.sqrt(share)


def test_two_of_a_large_consortium_are_less_close_than_two_of_a_small_one() -> None:
    one, other = Profile(1, cooperations={2: 1}), Profile(2)
    close = part("trust", replace(one, ties={2: 1.0}), other)
    loose = part("trust", replace(one, ties={2: 0.02}), other)
    assert NEUTRAL < loose < close == part("trust", one, other)


def test_evidence_is_measured_by_what_is_much_for_the_two() -> None:
    # 1 has worked with 2 and much more with 3, and nobody else with 2.
    little = part("trust", Profile(1, cooperations={2: 1, 3: 9}), Profile(2), Profile(3))
    much = part("trust", Profile(1, cooperations={2: 1, 3: 1}), Profile(2), Profile(3))
    assert NEUTRAL < little < much


def test_cooperation_stated_by_one_side_holds_for_both() -> None:
    one, other = Profile(1), Profile(2, cooperations={1: 1})
    assert part("trust", one, other) == part("trust", other, one) > NEUTRAL


def test_expired_need_is_ignored_and_its_last_day_still_counts() -> None:
    def world(last_day: date) -> list[Profile]:
        need = Statement(1, "Sensorik", terms=frozenset({"ai"}), valid_until=last_day)
        return [
            Profile(1, needs=(need,)),
            Profile(2, offers=(Statement(2, "Sensorik", terms=frozenset({"ai"})),)),
        ]

    today = find(lists(world(TODAY)), 1, 2)
    assert today.parts_forward["need"] >= 0.6
    assert today.facts.needs_answered
    expired = find(lists(world(date(2026, 11, 20))), 1, 2)
    assert expired.parts_forward["need"] == NEUTRAL
    assert "need" in expired.facts.neutral_forward
    assert expired.facts.needs_answered == ()


def test_unknown_stage_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="gardening"):
        lists([Profile(1, stages=frozenset({"gardening"}))])


def test_doubled_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        lists([Profile(1), Profile(1)])


def test_harmonic_mean_follows_the_weaker_side() -> None:
    forward, backward = np.array([[0.6, 0.0, 0.9]]), np.array([[0.3, 0.0, 0.0]])
    assert harmonic_mean(forward, backward).tolist() == [[pytest.approx(0.4), 0.0, 0.0]]


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_pair_score_is_the_same_for_both_sides_and_for_every_block_size(
    world: list[Profile],
) -> None:
    def scored(block_size: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return score_pairs(
            world,
            weights=Weights(),
            vocabulary=VOCABULARY,
            audience="staff",
            today=TODAY,
            block_size=block_size,
        ).score

    score = scored(256)
    assert (score == score.T).all()
    assert (score == scored(3)).all()
