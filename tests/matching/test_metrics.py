"""Figures about sets of lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.metrics import (
    appearances,
    compare_lists,
    coverage,
    gini,
    measure_spread,
    share_from_another_field,
)

COUNTS = st.lists(st.integers(min_value=0, max_value=50), max_size=40)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], 0),
        ([0, 0, 0], 0),
        ([4, 4, 4, 4], 0),
        ([0, 0, 0, 8], 0.75),
        ([1, 2, 3, 4], 0.25),
    ],
)
def test_gini_of_known_shares(counts: list[int], expected: float) -> None:
    assert gini(counts) == pytest.approx(expected)


@given(COUNTS)
def test_gini_is_the_mean_difference_of_all_pairs(counts: list[int]) -> None:
    size, total = len(counts), sum(counts)
    found = gini(counts)
    assert 0 <= found < 1
    if total:
        differences = sum(abs(one - other) for one in counts for other in counts)
        assert found == pytest.approx(differences / (2 * size * total), abs=1e-9)


def test_negative_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        gini([1, -1])


def test_coverage_counts_who_appears_at_all() -> None:
    assert coverage([]) == 0
    assert coverage([0, 3, 1, 0]) == 0.5


def test_appearances_know_those_on_no_list() -> None:
    assert appearances({1: [2, 3], 2: [3]}, [1, 2, 3]) == {1: 0, 2: 1, 3: 2}


def test_only_pairs_with_known_fields_count_as_from_another_field() -> None:
    fields = {1: {"a"}, 2: {"a", "b"}, 3: {"c"}, 4: set[str]()}
    assert share_from_another_field({1: [2, 3, 4], 4: [1]}, fields) == 0.5
    assert share_from_another_field({4: [1]}, fields) == 0


LISTS = st.lists(st.integers(min_value=1, max_value=12), unique=True, max_size=8)


@given(LISTS, LISTS)
def test_a_comparison_tells_of_everybody_once(before: list[int], after: list[int]) -> None:
    change = compare_lists(before, after)
    assert {one for one, _ in change.entered} == set(after) - set(before)
    assert {one for one, _ in change.left} == set(before) - set(after)
    for one, old, new in change.moved:
        assert before[old - 1] == after[new - 1] == one
        assert old != new
    assert bool(change) == (before != after)


def test_spread_leaves_out_who_may_not_be_suggested() -> None:
    spread = measure_spread({1: [2, 9], 2: [1]}, [1, 2, 3], {1: {"a"}, 2: {"b"}})
    assert (spread.candidates, spread.never) == (3, 1)
    assert spread.coverage == pytest.approx(2 / 3)
    assert spread.from_another_field == 1
