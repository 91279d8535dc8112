"""The engine cuts all pairs into blocks, scores each once and looks only at the best: exactly."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import changes
from matching.engine.changes import score_one, with_profile
from matching.engine.kernel import UNITS
from matching.engine.pairs import pair_figures
from matching.engine.pools import full_pools, row_pools
from matching.engine.preparation import Prepared
from matching.engine.profile import PART_NAMES, Profile, Statement, Weights
from matching.engine.ranking import choose_lists, compute_lists, explain_pairs, place_of
from matching.engine.results import ListKind
from matching.engine.text import IntArray
from matching.engine.vectors import Vectors
from tests.matching import engine_reference as reference
from tests.matching.engine_world import (
    TODAY,
    VOCABULARY,
    all_pairs,
    find,
    lists,
    prepared,
    worlds,
)

KINDS: tuple[ListKind, ...] = ("all", "new", "deepen")


def kernel_scores(made: Prepared, batch: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """All scores from the kernel, some rows at a time, by id."""
    count = len(made.profiles)
    scores = np.zeros((count, count), dtype=np.float32)
    for start in range(0, count, batch):
        rows = np.arange(start, min(start + batch, count))
        left = made.row_set(rows)
        for right in made.segments:
            scores[rows, right.start : right.stop] = made.scores(left, right)
    order = np.argsort(made.rows.ids)
    return np.nan_to_num(scores[np.ix_(order, order)])


def some_vectors(world: list[Profile], seed: int = 1) -> Vectors:
    """Vectors for two of three statements of a world; some lie close to each other."""
    chance = np.random.default_rng(seed)
    themes = chance.standard_normal((3, 300))

    def of(statements: list[Statement]) -> dict[int, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        return {
            s.id: themes[s.id % 3] + chance.standard_normal(300) * 0.8
            for s in statements
            if s.id % 3 or s.id % 2
        }

    return Vectors(
        needs=of([s for p in world for s in p.needs]),
        offers=of([s for p in world for s in p.offers]),
    )


def crowd(count: int, seed: int = 1) -> list[Profile]:
    """Many small profiles, so that pools do not hold everybody."""
    chance = np.random.default_rng(seed)

    def some(keys: tuple[str, ...], most: int) -> frozenset[str]:
        return frozenset(
            keys[at] for at in chance.integers(0, len(keys), chance.integers(most + 1))
        )

    words = ("Sensorik", "Getriebe", "Pflege", "Wasserstoff", "Recycling", "Laser", "Software")

    def text() -> str:
        return " ".join(words[at] for at in chance.integers(0, len(words), 3))

    def statements(base: int) -> tuple[Statement, ...]:
        return tuple(
            Statement(base + n, text(), terms=some(("ai", "sensors", "hydrogen"), 2))
            for n in range(chance.integers(0, 4))
        )

    return [
        Profile(
            id=number,
            fields=some(("health", "mobility", "energy"), 1),
            sectors=some(("C", "J", "M"), 2),
            stages=some(("research", "component", "system"), 2),
            cross_cutting_terms=some(("ai", "security"), 1),
            needs=statements(number * 100),
            offers=statements(number * 100 + 50),
            text_de=text(),
            cooperations={int(chance.integers(1, count + 1)): 1 for _ in range(number % 3)},
            events_attended=frozenset(chance.integers(1, 6, 4).tolist()),
            agreed_to_be_suggested=bool(chance.random() < 0.9),
        )
        for number in range(1, count + 1)
    ]


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_scores_and_parts_are_those_of_the_formula_written_plainly(world: list[Profile]) -> None:
    options = {"vocabulary": VOCABULARY, "audience": "clusters", "today": TODAY}
    plain = reference.score_pairs(world, weights=Weights(), **options)  # type: ignore[arg-type]
    made = prepared(world)
    count = len(world)
    assert np.abs(kernel_scores(made, 64) / UNITS - plain.score).max(initial=0) < 4e-6
    order = np.argsort(made.rows.ids)
    assert np.abs(made.exposure[order] - plain.exposure_factor).max(initial=0) < 1e-4
    place = np.argsort(order)
    block = plain.parts.block(0, count)
    for figures in pair_figures(made, *all_pairs(made)):
        u, v = place[figures.u], place[figures.v]
        assert np.abs(figures.score - plain.score[u, v]).max() < 4e-6
        assert (figures.competing == plain.competing[u, v]).all()
        for name in PART_NAMES:
            error = np.abs(figures.forward.parts[name] - block.parts[name][u, v])
            assert error.max() < 1e-5, name
            if name in block.neutral:
                assert (figures.forward.neutral[name] == block.neutral[name][u, v]).all(), name


@settings(max_examples=40, deadline=None)
@given(worlds(), st.booleans(), st.sampled_from((1, 2, 3)))
def test_scores_are_bit_for_bit_the_same_for_both_sides_and_every_cut(
    world: list[Profile], with_vectors: bool, block_size: int
) -> None:
    vectors = some_vectors(world) if with_vectors else None
    whole = kernel_scores(prepared(world, vectors=vectors), 64)
    assert (whole == whole.T).all()
    cut = kernel_scores(prepared(world, vectors=vectors, block_size=block_size), 2)
    assert (whole == cut).all()


@pytest.mark.parametrize("kind", KINDS)
def test_pools_hold_the_best_of_all_pairs_with_ties_to_the_lower_id(kind: ListKind) -> None:
    made = prepared(crowd(90), excluded=[(1, 2), (3, 4)], block_size=32)
    pools = full_pools(made, kind, 10)
    scores = kernel_scores(made, 64)
    order = np.argsort(made.rows.ids)
    factor = made.exposure[order].astype(np.float32)
    for at, row in enumerate(pools.rows):
        me = made.profiles[row]
        may = {}
        for number, row_of in enumerate(order):
            other = made.profiles[row_of]
            known = (
                other.id in made.joint[me.id]
                or len(me.events_attended & other.events_attended) >= 3
            )
            allowed = kind == "all" or known == (kind == "deepen")
            barred = {(me.id, other.id), (other.id, me.id)} & {(1, 2), (3, 4)}
            if other.agreed_to_be_suggested and other.id != me.id and allowed and not barred:
                mine = np.flatnonzero(order == row)[0]
                may[other.id] = float(scores[mine, number] * factor[number])
        expected = sorted(may, key=lambda one: (-may[one], one))[:10]
        found = [int(made.rows.ids[one]) for one in pools.candidates[at] if one >= 0]
        assert found == expected


@pytest.mark.parametrize("kind", KINDS)
def test_some_lists_are_those_of_the_whole_round_whatever_the_cut(kind: ListKind) -> None:
    world = crowd(150)
    vectors = some_vectors(world)
    whole = compute_lists(prepared(world, vectors=vectors), kind=kind)
    for block_size in (16, 64):
        cut = prepared(world[::-1], vectors=vectors, block_size=block_size)
        assert compute_lists(cut, kind=kind) == whole
        some = compute_lists(cut, kind=kind, only_for={1, 77, 9999})
        assert some == {1: whole[1], 77: whole[77]}


def test_promise_of_other_fields_is_kept_beyond_the_pool() -> None:
    near = [
        Profile(n, fields=frozenset({"health"}), cross_cutting_terms=frozenset({"ai"}))
        for n in range(1, 100)
    ]
    far = [Profile(n, fields=frozenset({"energy"})) for n in range(100, 103)]
    made = prepared([*near, *far], block_size=20)
    pools = row_pools(made, np.array([made.row_of[1]]), "all")
    ids = {int(made.rows.ids[one]) for one in pools.candidates[0]}
    assert not ids & {100, 101, 102}
    assert sum(bool(r.facts.other_fields) for r in compute_lists(made)[1]) == 2


def test_vectors_answer_across_languages_and_their_absence_changes_nothing() -> None:
    need = Statement(1, "Alterung von Zellen im Betrieb erkennen")
    offers = (Statement(2, text_en="In-situ diagnostics for stacks"), Statement(3, "Theater"))
    world = [
        Profile(1, needs=(need,)),
        Profile(2, offers=offers[:1]),
        Profile(3, offers=offers[1:]),
    ]
    near, far = np.eye(8)[0], np.eye(8)[1]
    vectors = Vectors(needs={1: near}, offers={2: near + 0.5 * far, 3: far})
    assert not find(lists(world), 1, 2).facts.needs_answered
    told = find(lists(world, vectors=vectors), 1, 2)
    assert told.facts.needs_answered[0].offer_id == 2
    assert find(lists(world, vectors=vectors), 1, 3).parts_forward["need"] == 0
    assert lists(world, vectors=Vectors()) == lists(world)


def test_vectors_of_different_length_or_a_falling_scale_are_refused() -> None:
    asking = Profile(1, needs=(Statement(1, "Pumpen"),), offers=(Statement(2, "Ventile"),))
    with pytest.raises(ValueError, match="lengths"):
        prepared([asking], vectors=Vectors(needs={1: [1.0]}, offers={2: [1.0, 2.0]}))
    with pytest.raises(ValueError, match="scale"):
        Vectors(noise=0.8, same=0.7)


def rows_by_id(made: Prepared, columns: IntArray) -> dict[int, list[int]]:
    """Lists as ids."""
    ids = made.rows.ids
    return {
        int(ids[row]): [int(ids[one]) for one in listed if one >= 0]
        for row, listed in enumerate(columns)
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_changed_profile_gives_the_lists_of_a_full_round_with_the_rest_frozen(
    kind: ListKind, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "SMALL_WORLD", 0)
    world = crowd(150, seed)
    vectors = some_vectors(world, seed)
    made = prepared(world, vectors=vectors, excluded=[(5, 6)], block_size=64)
    other = crowd(200, seed + 10)
    chance = np.random.default_rng(seed)
    for number in (*chance.integers(1, 151, 3), 151, 160):
        changed = replace(other[number - 1], id=int(number))
        new = some_vectors([changed], seed)
        told = score_one(made, changed, kind=kind, vectors=new)
        plain, _ = with_profile(made, changed, new)
        before, now = choose_lists(made, kind=kind), choose_lists(plain, kind=kind)
        kept = choose_lists(told.prepared, kind=kind)
        assert rows_by_id(plain, kept.columns) == rows_by_id(plain, now.columns)
        was, became = rows_by_id(made, before.columns), rows_by_id(plain, now.columns)
        different = {one for one in was if was[one] != became[one]}
        named = {change.profile: change for change in told.others}
        holds = {one for one in became if number in became[one]}
        assert named.keys() == (different | holds) - {number}
        for one, change in named.items():
            assert [result.v for result in change.results] == became[one]
            rank = became[one].index(number) + 1 if number in became[one] else 0
            assert change.rank_now == rank
        assert [result.v for result in told.own] == became[number]
        made = told.prepared


@pytest.mark.parametrize("kind", KINDS)
def test_in_a_small_world_one_changed_profile_gives_the_lists_of_a_new_world(
    kind: ListKind,
) -> None:
    world = crowd(60)
    vectors = some_vectors(world)
    changed = replace(crowd(70, 5)[65], id=7)
    new = some_vectors([changed], 9)
    told = score_one(prepared(world, vectors=vectors), changed, kind=kind, vectors=new)
    both = Vectors({**vectors.needs, **new.needs}, {**vectors.offers, **new.offers})
    whole = compute_lists(
        prepared([changed if p.id == 7 else p for p in world], vectors=both), kind=kind
    )
    assert compute_lists(told.prepared, kind=kind) == whole
    assert told.own == whole[7]
    assert all(change.results == whole[change.profile] for change in told.others)
    assert {one for one, listed in whole.items() if 7 in {r.v for r in listed}} <= {
        change.profile for change in told.others
    }


def test_a_withdrawn_profile_leaves_all_lists_at_once() -> None:
    made = prepared(crowd(100), block_size=64)
    gone = next(p for p in made.profiles if p.agreed_to_be_suggested)
    told = score_one(made, replace(gone, agreed_to_be_suggested=False))
    assert all(change.rank_now == 0 for change in told.others)
    row = told.prepared.row_of[gone.id]
    assert not (choose_lists(told.prepared).columns == row).any()


def test_a_prepared_world_survives_pickling() -> None:
    world = crowd(30)
    made = prepared(world, vectors=some_vectors(world))
    assert compute_lists(pickle.loads(pickle.dumps(made))) == compute_lists(made)


def test_known_pairs_deepen_and_the_others_are_new() -> None:
    world = [
        Profile(1, cooperations={2: 1}, events_attended=frozenset({1, 2, 3})),
        Profile(2),
        Profile(3, events_attended=frozenset({1, 2, 3})),
        Profile(4, events_attended=frozenset({1, 2})),
    ]
    assert {r.v for r in lists(world, kind="deepen")[1]} == {2, 3}
    assert {r.v for r in lists(world, kind="new")[1]} == {4}
    assert {r.v for r in lists(world)[1]} == {2, 3, 4}


def test_a_pair_is_explained_as_on_the_list_and_also_where_it_is_on_none() -> None:
    made = prepared(crowd(60), excluded=[(1, 2)])
    listed = compute_lists(made)[1][0]
    told, barred = explain_pairs(made, [(1, listed.v), (1, 2)])
    assert replace(told, rank=1) == listed
    assert barred.v == 2
    assert 2 not in {r.v for r in compute_lists(made)[1]}
    assert place_of(made, 1, 2)[0] is None
    assert place_of(made, 1, listed.v)[1] <= 58
    with pytest.raises(KeyError):
        explain_pairs(made, [(1, 999)])
    with pytest.raises(ValueError, match="itself"):
        explain_pairs(made, [(1, 1)])


def test_who_switched_damping_off_meets_competitors_in_full() -> None:
    same = {
        "fields": frozenset({"health"}),
        "sectors": frozenset({"C"}),
        "stages": frozenset({"system"}),
    }
    one, other = Profile(1, **same), Profile(2, **same)  # type: ignore[arg-type]
    damped = find(lists([one, other]), 1, 2)
    free = find(lists([replace(one, competition_damping=False), other]), 2, 1)
    assert damped.facts.damped
    assert free.facts.competing
    assert not free.facts.damped
    assert free.competition_factor == 1
    assert damped.score == pytest.approx(0.6 * free.score, abs=1e-6)
    assert any("competitors" in reason["en"] for reason in free.counter_reasons)
    assert not any("60" in reason["en"] for reason in free.counter_reasons)


@settings(max_examples=40, deadline=None)
@given(worlds(least=2), st.data())
def test_a_better_offer_never_lowers_the_benefit_of_those_who_need_it(
    world: list[Profile], data: st.DataObject
) -> None:
    giving = data.draw(st.integers(0, len(world) - 1))
    extra = Statement(9999, terms=data.draw(st.frozensets(st.sampled_from(("ai", "sensors")))))
    better = list(world)
    better[giving] = replace(world[giving], offers=(*world[giving].offers, extra))
    for offer in world[giving].offers[:1]:
        more = replace(offer, terms=offer.terms | {"ai", "sensors", "hydrogen"})
        better[giving] = replace(better[giving], offers=(more, *better[giving].offers[1:]))
    # Without texts: a text changes how rare the n-grams of all others are.
    plain = [_without_texts(p) for p in world]
    improved = [_without_texts(p) for p in better]
    pairs = [(p.id, world[giving].id) for p in world if p.id != world[giving].id]
    before = explain_pairs(prepared(plain), pairs)
    after = explain_pairs(prepared(improved), pairs)
    for old, new in zip(before, after, strict=True):
        assert new.benefit_forward >= old.benefit_forward - 1e-6
        if not old.facts.competing:
            assert new.score >= old.score - 2e-6


def _without_texts(profile: Profile) -> Profile:
    return replace(
        profile,
        needs=tuple(replace(s, text_de="", text_en="") for s in profile.needs),
        offers=tuple(replace(s, text_de="", text_en="") for s in profile.offers),
    )


def test_hidden_entries_leave_no_trace_in_lists_with_vectors_and_changes() -> None:
    world = crowd(60)
    open_ = list(world)
    secret = [
        replace(
            p,
            needs=(*p.needs, Statement(90_000 + p.id, "Geheim", confidentiality="staff")),
            offers=(*p.offers, Statement(90_000 + p.id, "Geheim", confidentiality="staff")),
        )
        for p in world
    ]
    known = some_vectors(secret)
    allowed = Vectors(
        needs={key: v for key, v in known.needs.items() if key < 90_000},
        offers={key: v for key, v in known.offers.items() if key < 90_000},
    )
    assert compute_lists(prepared(secret, vectors=known)) == compute_lists(
        prepared(open_, vectors=allowed)
    )
    one = score_one(prepared(secret, vectors=known), replace(secret[3], text_de="Neu"))
    two = score_one(prepared(open_, vectors=allowed), replace(open_[3], text_de="Neu"))
    assert one.own == two.own
    assert one.others == two.others
