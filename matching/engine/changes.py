"""One changed profile against all others, without a new round."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.kernel import text_likeness
from matching.engine.layout import segment
from matching.engine.parts import TEXT_SCALE_AT_LEAST, trust_reach
from matching.engine.pools import Pools, barred_cells, row_pools
from matching.engine.preparation import (
    SMALL_WORLD,
    Network,
    Prepared,
    barred_pairs,
    exposure_of,
    known_pairs,
    prepare,
    strongest_evidence,
    tie_strengths,
)
from matching.engine.profile import Profile
from matching.engine.ranking import (
    Lists,
    choose_from,
    choose_lists,
    results_of,
    some_lists,
)
from matching.engine.results import ListChange, ListKind, PairResult
from matching.engine.tables import Rows
from matching.engine.text import Float32Array, IntArray, one_thread
from matching.engine.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a changed profile means for the lists."""

    prepared: Prepared
    """The world with the changed profile in it, for the next change."""
    own: tuple[PairResult, ...]
    """The profile's own list."""
    others: tuple[ListChange, ...]
    """The lists of others that changed, or that it is on before or now, by id."""


def score_one(
    prepared: Prepared,
    changed: Profile,
    *,
    kind: ListKind = "all",
    vectors: Vectors | None = None,
) -> Rescored:
    """Rescore one changed (or new) profile against all, with everything else frozen.

    Frozen are the rarity of n-grams, terms and topics, the exposure of every profile, the text
    scale of the others, and whatever concerns only pairs of others. With these frozen, a full round
    over the returned world gives exactly the same lists; without, the next full round may differ a
    little. `vectors` holds the vectors of the changed profile; those of the others are known.

    A small world (`preparation.SMALL_WORLD`) is prepared anew instead, and nothing is frozen.

    The lists before the change are those kept in `prepared`, or computed now, which takes a round.
    """
    before = choose_lists(prepared, kind=kind)
    if len(prepared.profiles) < SMALL_WORLD:
        return _all_anew(prepared, before, changed, kind, vectors)
    after, scores = with_profile(prepared, changed, vectors)
    row = after.row_of[changed.id]
    lists, touched = _updated(after, before, row, scores, kind)
    after.kept[kind, lists.count, lists.from_another_field] = lists
    return Rescored(
        prepared=after,
        own=results_of(after, some_lists(lists, np.array([row])))[changed.id],
        others=tuple(_changes(after, before, lists, row, touched)),
    )


def _all_anew(
    prepared: Prepared, before: Lists, changed: Profile, kind: ListKind, vectors: Vectors | None
) -> Rescored:
    """Prepare the whole world again, with the changed profile in it."""
    world = {profile.id: profile for profile in prepared.profiles}
    after = prepare(
        {**world, changed.id: changed}.values(),
        weights=prepared.weights,
        vocabulary=prepared.vocabulary,
        audience=prepared.audience,
        today=prepared.today,
        excluded=prepared.excluded,
        vectors=_joined(prepared.vectors, vectors),
    )
    now = choose_lists(
        after, kind=kind, count=before.count, from_another_field=before.from_another_field
    )
    was, became = _by_id(prepared, before), _by_id(after, now)
    places = {
        one: (_rank(was.get(one, ()), changed.id), _rank(listed, changed.id))
        for one, listed in became.items()
        if one != changed.id and (was.get(one) != listed or changed.id in listed)
    }
    rows = np.array([after.row_of[one] for one in (*places, changed.id)], dtype=np.int64)
    results = results_of(after, some_lists(now, rows))
    return Rescored(
        prepared=after,
        own=results[changed.id],
        others=tuple(ListChange(one, *places[one], results[one]) for one in sorted(places)),
    )


def _joined(known: Vectors | None, new: Vectors | None) -> Vectors | None:
    if known is None or new is None:
        return known or new
    return replace(
        known,
        needs={**known.needs, **new.needs},
        offers={**known.offers, **new.offers},
        profiles={**known.profiles, **new.profiles},
    )


def _by_id(prepared: Prepared, lists: Lists) -> dict[int, tuple[int, ...]]:
    ids = prepared.rows.ids
    return {
        int(ids[row]): tuple(int(ids[one]) for one in columns if one >= 0)
        for row, columns in zip(lists.rows, lists.columns, strict=True)
    }


def _rank(listed: tuple[int, ...], partner: int) -> int:
    return listed.index(partner) + 1 if partner in listed else 0


def with_profile(
    prepared: Prepared, changed: Profile, vectors: Vectors | None = None
) -> tuple[Prepared, Float32Array]:
    """The world with a profile changed or added, and its scores with everybody in kernel units."""
    seen = changed.seen_by(prepared.audience, prepared.today)
    row = prepared.row_of.get(seen.id, len(prepared.profiles))
    joint = _joint_after(prepared, seen)
    frozen = prepared.frozen.knowing(seen)
    theirs = [prepared.profiles[prepared.row_of[p]] for p in joint[seen.id] if p in prepared.row_of]
    ties = tie_strengths([*theirs, seen], {seen.id: joint[seen.id]})[seen.id]
    one = frozen.rows([seen], [ties], vectors)
    rows = prepared.rows.replaced(row, one)
    row_of = {**prepared.row_of, seen.id: row}
    at = next((n for n, s in enumerate(prepared.segments) if s.stop > row), -1)
    segments = list(prepared.segments)
    if not segments:
        segments.append(segment(rows, 0, 1, frozen.vector_scale))
    else:
        stop = max(segments[at].stop, row + 1)
        segments[at] = segment(rows, segments[at].start, stop, frozen.vector_scale)
    closest = TEXT_SCALE_AT_LEAST
    for right in segments:
        likeness = text_likeness(one.texts, right.texts)[0]
        if right.start <= row < right.stop:
            likeness[row - right.start] = 0
        closest = max(closest, float(likeness.max(initial=0)))
    linked = _network_after(prepared, rows, row_of, ties, row)
    strongest = strongest_evidence(rows, linked, np.array([row]))
    after = replace(
        prepared,
        profiles=(*prepared.profiles[:row], seen, *prepared.profiles[row + 1 :]),
        row_of=row_of,
        joint=joint,
        frozen=frozen,
        rows=rows,
        network=linked,
        segments=tuple(segments),
        text_scale=_with(prepared.text_scale, row, closest),
        trust_scale=_with(
            prepared.trust_scale, row, float(trust_reach(strongest, prepared.trust_top)[0])
        ),
        exposure=_with(prepared.exposure, row, 1.0)
        if row == len(prepared.profiles)
        else prepared.exposure,
        kept={},
    )
    left = after.row_set(np.array([row]))
    with one_thread():
        scores = np.concatenate([after.scores(left, right)[0] for right in after.segments])
    if row == len(prepared.profiles):
        received = np.array([np.nansum(scores, dtype=np.float64) / max(row, 1)])
        after.exposure[row] = exposure_of(received, prepared.typical)[0]
    return after, scores


def _with(values: NDArray[Any], row: int, value: float) -> NDArray[Any]:
    """A copy with one value set, which may be the one behind the last."""
    changed = np.append(values, values.dtype.type(value)) if row == len(values) else values.copy()
    changed[row] = value
    return changed


def _joint_after(prepared: Prepared, changed: Profile) -> dict[int, Mapping[int, int]]:
    """Joint projects where the changed profile states others; what either side states holds."""
    me = changed.id
    mine = {other: count for other, count in changed.cooperations.items() if count > 0}
    mine.pop(me, None)
    for profile in prepared.profiles:
        count = profile.cooperations.get(me, 0)
        if count > 0 and profile.id != me:
            mine[profile.id] = max(count, mine.get(profile.id, 0))
    joint = dict(prepared.joint)
    for other in prepared.joint.get(me, {}).keys() - mine.keys():
        if other in joint:
            joint[other] = {one: n for one, n in joint[other].items() if one != me}
    for other, count in mine.items():
        if other in joint:
            joint[other] = {**joint[other], me: count}
    joint[me] = mine
    return joint


def _network_after(
    prepared: Prepared,
    rows: Rows,
    row_of: Mapping[int, int],
    partners: Mapping[int, float],
    row: int,
) -> Network:
    """The network with the changed profile's row and column renewed."""
    from scipy.sparse import csr_matrix

    old, size = prepared.network.joint.tocoo(), len(row_of)
    others = (old.row != row) & (old.col != row)
    there = np.array([row_of[one] for one in partners if one in row_of], dtype=np.int64)
    counts = np.array([n for one, n in partners.items() if one in row_of], dtype=np.float64)
    here = np.full(len(there), row)
    cells = (
        np.concatenate((old.row[others], here, there)),
        np.concatenate((old.col[others], there, here)),
    )
    values = np.concatenate((old.data[others], counts, counts))
    is_new = size > len(prepared.profiles)
    return Network(
        joint=csr_matrix((values, cells), shape=(size, size)),
        events=rows.events.T.tocsr(),
        partners=rows.partners.T.tocsr(),
        barred=barred_pairs(row_of, prepared.excluded) if is_new else prepared.network.barred,
    )


def _updated(
    after: Prepared, before: Lists, row: int, scores: Float32Array, kind: ListKind
) -> tuple[Lists, IntArray]:
    """All lists after the change, and the rows of those that may have changed."""
    pools = _grown(before.pools, len(after.profiles))
    was_in = (pools.candidates == row).any(axis=1)
    if kind == "deepen":
        touched = was_in.copy()
        touched[known_pairs(after, np.array([row])).indices] = True
        unknown = touched
        listed = np.zeros(0, dtype=np.float32)
    else:
        scores[barred_cells(after, np.array([row]), kind).columns] = np.nan
        factor = after.exposure[row] if after.rows.agreed[row] else np.nan
        listed = scores * np.float32(factor)
        last = np.where(np.isnan(pools.listed[:, -1]), np.float32(-1), pools.listed[:, -1])
        enters = listed >= last
        touched = was_in | enters
        # Who was in a full pool and fell below its last one may have fallen behind others.
        unknown = was_in & ~(listed > last) & (last >= 0)
    rescored = np.union1d(np.flatnonzero(unknown), [row])
    touched[before.lacking] = True
    touched[np.flatnonzero((before.columns == row).any(axis=1))] = True
    touched[row] = True
    for at in np.setdiff1d(np.flatnonzero(touched), rescored):
        _move(after, pools, int(at), row, float(listed[at]) if len(listed) else np.nan)
    fresh = row_pools(after, rescored, kind, pools.candidates.shape[1])
    pools.candidates[rescored], pools.listed[rescored] = fresh.candidates, fresh.listed
    rows = np.flatnonzero(touched)
    part = Pools(rows, pools.candidates[rows], pools.listed[rows])
    chosen = choose_from(after, part, kind, before.count, before.from_another_field)
    columns = np.full((len(after.profiles), before.count), -1, dtype=np.int64)
    columns[: len(before.columns)] = before.columns
    columns[rows] = chosen.columns
    lacking = np.union1d(np.setdiff1d(before.lacking, rows), chosen.lacking)
    return replace(before, rows=pools.rows, columns=columns, pools=pools, lacking=lacking), rows


def _grown(pools: Pools, count: int) -> Pools:
    """A copy with a row for each profile."""
    more = count - len(pools.rows)
    return Pools(
        rows=np.arange(count),
        candidates=np.pad(pools.candidates, ((0, more), (0, 0)), constant_values=-1),
        listed=np.pad(pools.listed, ((0, more), (0, 0)), constant_values=np.nan),
    )


def _move(after: Prepared, pools: Pools, at: int, row: int, listed: float) -> None:
    """Put the changed profile where it belongs in one pool, or take it out."""
    candidates, values = pools.candidates[at], pools.listed[at]
    others = (candidates >= 0) & (candidates != row)
    columns, scores = candidates[others], values[others]
    if not np.isnan(listed):
        columns, scores = np.append(columns, row), np.append(scores, np.float32(listed))
    order = np.lexsort((after.rows.ids[columns], -scores))[: len(candidates)]
    candidates[:], values[:] = -1, np.nan
    candidates[: len(order)], values[: len(order)] = columns[order], scores[order]


def _changes(
    after: Prepared, before: Lists, now: Lists, row: int, touched: IntArray
) -> Iterator[ListChange]:
    """Lists of others that are not what they were, or that hold the changed profile."""
    old = np.full_like(now.columns, -1)
    old[: len(before.columns)] = before.columns
    different = (old[touched] != now.columns[touched]).any(axis=1)
    different |= (now.columns[touched] == row).any(axis=1)
    rows = touched[different & (touched != row)]
    results = results_of(after, some_lists(now, rows))
    places = {
        int(after.rows.ids[at]): (_place(old[at], row), _place(now.columns[at], row)) for at in rows
    }
    for profile, listed in results.items():
        yield ListChange(profile, *places[profile], listed)


def _place(columns: IntArray, row: int) -> int:
    """Rank of the row in a list, 0 if it is absent."""
    found = np.flatnonzero(columns == row)
    return int(found[0]) + 1 if len(found) else 0
