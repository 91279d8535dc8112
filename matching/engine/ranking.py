"""From pair scores to short, varied lists with reasons. The entry point of the engine."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from matching.engine.choice import FROM_ANOTHER_FIELD, SUGGESTIONS, choose_varied
from matching.engine.facts import collect_results
from matching.engine.pools import POOL, Pools, from_other_field, full_pools, row_pools
from matching.engine.preparation import Prepared, prepare
from matching.engine.profile import Confidentiality, Profile, Vocabulary, Weights
from matching.engine.results import ListKind, PairResult
from matching.engine.text import FloatArray, IntArray
from matching.engine.vectors import Vectors

_LISTS_AT_ONCE: Final = 2048


@dataclass(frozen=True, slots=True)
class Lists:
    """Chosen partners as rows of `Prepared`: list i holds columns[i], best first, -1 at the end."""

    rows: IntArray
    columns: IntArray
    pools: Pools
    lacking: IntArray
    """Rows whose pool holds too few partners from another field."""
    count: int
    from_another_field: int


def suggest_partners(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    excluded: Iterable[tuple[int, int]] = (),
    only_for: Collection[int] | None = None,
    kind: ListKind = "all",
    vectors: Vectors | None = None,
    count: int = SUGGESTIONS,
    from_another_field: int = FROM_ANOTHER_FIELD,
    block_size: int | None = None,
) -> dict[int, tuple[PairResult, ...]]:
    """For each profile its suggestions, best first: `prepare` and `compute_lists` in one call.

    `audience` is the widest circle that will read the lists: statements above it are left out
    before anything is computed. `excluded` pairs (declined, parent and child) are never suggested,
    in either direction. `only_for` restricts whose lists are made, not who may be suggested.
    The same input gives the same lists, in whatever order it comes.
    """
    prepared = prepare(
        profiles,
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        excluded=excluded,
        vectors=vectors,
        block_size=block_size,
    )
    return compute_lists(
        prepared,
        only_for=only_for,
        kind=kind,
        count=count,
        from_another_field=from_another_field,
    )


def compute_lists(
    prepared: Prepared,
    *,
    kind: ListKind = "all",
    only_for: Collection[int] | None = None,
    count: int = SUGGESTIONS,
    from_another_field: int = FROM_ANOTHER_FIELD,
) -> dict[int, tuple[PairResult, ...]]:
    """For each profile its suggestions of one kind, best first.

    `only_for` restricts whose lists are made, so that a round may be computed in parts: the lists
    are the same as those of the whole. Unknown ids in it are ignored.
    """
    lists = choose_lists(
        prepared,
        kind=kind,
        only_for=only_for,
        count=count,
        from_another_field=from_another_field,
    )
    return results_of(prepared, lists)


def choose_lists(
    prepared: Prepared,
    *,
    kind: ListKind = "all",
    only_for: Collection[int] | None = None,
    count: int = SUGGESTIONS,
    from_another_field: int = FROM_ANOTHER_FIELD,
) -> Lists:
    """The lists without figures and sentences: who is suggested to whom."""
    size = max(POOL, count)
    if only_for is not None:
        known = (prepared.row_of[one] for one in set(only_for) if one in prepared.row_of)
        rows = np.array(sorted(known), dtype=np.int64)
        pools = row_pools(prepared, rows, kind, size)
        return choose_from(prepared, pools, kind, count, from_another_field)
    key = (kind, count, from_another_field)
    if key not in prepared.kept:
        pools = full_pools(prepared, kind, size)
        prepared.kept[key] = choose_from(prepared, pools, kind, count, from_another_field)
    lists: Lists = prepared.kept[key]
    return lists


def choose_from(
    prepared: Prepared, pools: Pools, kind: ListKind, count: int, from_another_field: int
) -> Lists:
    """The lists chosen from the pools."""
    lacking = _lacking(prepared, pools, from_another_field)
    all_columns, all_listed = _with_others(prepared, pools, kind, from_another_field, lacking)
    # Whoever fits as well as most is not rare, be the quarter as it may.
    rare = (prepared.exposure >= prepared.rare_from) & (prepared.exposure > 1)
    # Nor is anybody wide where so many fit equally well that a tenth cannot be told.
    wide = (prepared.exposure < prepared.wide_to) & (prepared.exposure < 1)
    fields, ids = prepared.rows.fields, prepared.rows.ids
    parts = []
    for start in range(0, len(pools.rows), _LISTS_AT_ONCE):
        part = slice(start, start + _LISTS_AT_ONCE)
        rows, columns, listed = pools.rows[part], all_columns[part], all_listed[part]
        order = np.argsort(np.where(columns < 0, np.iinfo(np.int64).max, ids[columns]), axis=1)
        columns = np.take_along_axis(columns, order, axis=1)
        listed = np.take_along_axis(listed, order, axis=1)
        at = choose_varied(
            listed,
            fields[columns],
            fields[rows],
            rare[columns],
            wide[columns],
            count=count,
            from_another_field=from_another_field,
        )
        parts.append(_best_first(at, columns, listed))
    chosen = np.concatenate([*parts, np.zeros((0, count), dtype=np.int64)])
    return Lists(pools.rows, chosen, pools, pools.rows[lacking], count, from_another_field)


def some_lists(lists: Lists, rows: IntArray) -> Lists:
    """The lists of some rows of the whole world, which `lists` must hold in full."""
    pools = Pools(rows, lists.pools.candidates[rows], lists.pools.listed[rows])
    return replace(lists, rows=rows, columns=lists.columns[rows], pools=pools)


def place_of(prepared: Prepared, owner: int, partner: int) -> tuple[int | None, int]:
    """Where the partner stands among all who may be suggested to the owner, and how many these are.

    Before variety is asked for, in the order of the listed scores; None for somebody who may not be
    suggested. Raises KeyError for an id that is not in the world.
    """
    row, wanted = prepared.row_of[owner], prepared.row_of[partner]
    pools = row_pools(prepared, np.array([row]), "all", len(prepared.profiles))
    place = np.flatnonzero(pools.candidates[0] == wanted)
    return (int(place[0]) + 1 if len(place) else None), int((pools.candidates >= 0).sum())


def results_of(prepared: Prepared, lists: Lists) -> dict[int, tuple[PairResult, ...]]:
    """The lists with figures, facts and sentences, by id."""
    found: dict[int, list[PairResult]] = {int(prepared.rows.ids[row]): [] for row in lists.rows}
    for result in _results(prepared, lists):
        found[result.u].append(result)
    ordered = {}
    for profile in sorted(found):
        best = sorted(found[profile], key=lambda r: (-r.listed_score, r.v))
        ordered[profile] = tuple(replace(r, rank=n) for n, r in enumerate(best, start=1))
    return ordered


def _results(prepared: Prepared, lists: Lists) -> Iterator[PairResult]:
    rows, seats = np.nonzero(lists.columns >= 0)
    yield from collect_results(prepared, lists.rows[rows], lists.columns[rows, seats])


def explain_pairs(prepared: Prepared, pairs: Iterable[tuple[int, int]]) -> tuple[PairResult, ...]:
    """Everything for and against each pair (u, v), seen from u, in the order asked; rank 0.

    Also for pairs that are on no list: running joint projects, excluded, withdrawn. Raises KeyError
    for an id that is not in the world, ValueError for a profile with itself.
    """
    asked = list(pairs)
    if any(u == v for u, v in asked):
        raise ValueError("A profile is no partner of itself.")
    rows = np.array([(prepared.row_of[u], prepared.row_of[v]) for u, v in asked], dtype=np.int64)
    rows = rows.reshape(-1, 2)
    return tuple(collect_results(prepared, rows[:, 0], rows[:, 1]))


def explain_pair(prepared: Prepared, u: int, v: int) -> PairResult:
    """Everything for and against the pair, seen from u. Errors as in `explain_pairs`."""
    return explain_pairs(prepared, [(u, v)])[0]


def _lacking(prepared: Prepared, pools: Pools, wanted: int) -> IntArray:
    """Places of full pools that hold too few candidates from another field."""
    if not pools.candidates.size:
        return np.zeros(0, dtype=np.int64)
    # A pool that is not full holds everybody who may be suggested.
    full = np.flatnonzero(pools.candidates[:, -1] >= 0)
    full = full[prepared.rows.fields[pools.rows[full]].any(axis=1)]
    owners = pools.rows[full][:, None]
    there = from_other_field(prepared, owners, pools.candidates[full]).sum(axis=1)
    return np.asarray(full[there < wanted])


def _with_others(
    prepared: Prepared, pools: Pools, kind: ListKind, wanted: int, lacking: IntArray
) -> tuple[IntArray, FloatArray]:
    """The pools, and candidates from other fields for those that hold too few of them."""
    lists, size = pools.candidates.shape
    more = wanted if len(lacking) else 0
    columns = np.full((lists, max(size + more, 1)), -1, dtype=np.int64)
    listed = np.full(columns.shape, np.nan)
    columns[:, :size], listed[:, :size] = pools.candidates, pools.listed
    if more:
        found = row_pools(prepared, pools.rows[lacking], kind, wanted, other_field=True)
        held = pools.candidates[lacking][:, :, None] == found.candidates[:, None, :]
        new = ~held.any(axis=1)
        columns[lacking, size:] = np.where(new, found.candidates, -1)
        listed[lacking, size:] = np.where(new, found.listed, np.nan)
    return columns, listed


def _best_first(at: IntArray, columns: IntArray, listed: FloatArray) -> IntArray:
    """The chosen columns in the order of their scores, ties to the lower id."""
    value = np.where(at < 0, -np.inf, np.take_along_axis(listed, np.maximum(at, 0), axis=1))
    # Places follow the ids, so they settle ties.
    order = np.lexsort((at, -value), axis=1)
    chosen = np.where(at < 0, -1, np.take_along_axis(columns, np.maximum(at, 0), axis=1))
    return np.asarray(np.take_along_axis(chosen, order, axis=1))
