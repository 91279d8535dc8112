"""The best candidates of every profile: one pass over all pairs, or over some rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.kernel import UNITS
from matching.engine.layout import Cells, RowSet
from matching.engine.pairs import pair_scores
from matching.engine.preparation import Prepared, batches, known_pairs
from matching.engine.results import ListKind
from matching.engine.text import BoolArray, Float32Array, IntArray, one_thread

POOL: Final = 60
"""Only the best candidates enter the choice; variety beyond them would cost too much fit."""
_GROUP: Final = 2048
_MERGE_FROM: Final = 200_000
_RANK_BITS: Final = 20
_VALUE_BITS: Final = 32
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Pools:
    """For each row asked its best candidates, best first, ties to the lower id."""

    rows: IntArray
    candidates: IntArray
    """One row a list, -1 behind the last candidate."""
    listed: Float32Array
    """Score times exposure factor of each candidate in units of the kernel, NaN behind the last."""


def full_pools(prepared: Prepared, kind: ListKind, size: int = POOL) -> Pools:
    """The pools of all profiles; every pair is scored once, for both sides."""
    everybody = np.arange(len(prepared.profiles))
    if kind == "deepen":
        return _pools_of_known(prepared, everybody, size)
    segments = prepared.segments
    scan = _Scan(prepared, [np.arange(s.start, s.stop) for s in segments], size)
    with one_thread():
        # From the last segment on, and its own pairs first: then all columns met have a bar
        # already, and hardly a pair reaches it.
        for number in reversed(range(len(segments))):
            sets = []
            for batch in batches(scan.groups[number]):
                left, barred = prepared.row_set(batch), barred_cells(prepared, batch, kind)
                local = batch - segments[number].start
                scan.block(left, barred, number, local, number)
                sets.append((left, barred, local))
            for left, barred, local in sets:
                for other in range(number + 1, len(segments)):
                    scan.block(left, barred, number, local, other, both=True)
    return scan.pools()


def row_pools(
    prepared: Prepared,
    rows: IntArray,
    kind: ListKind,
    size: int = POOL,
    *,
    other_field: bool = False,
) -> Pools:
    """The pools of some rows, the same as those of a full pass; or of those from other fields."""
    if kind == "deepen":
        return _pools_of_known(prepared, rows, size, other_field=other_field)
    scan = _Scan(prepared, list(batches(rows, _GROUP)), size)
    with one_thread():
        for number, group in enumerate(scan.groups):
            for local in batches(np.arange(len(group))):
                batch = group[local]
                left, barred = prepared.row_set(batch), barred_cells(prepared, batch, kind)
                for other in range(len(prepared.segments)):
                    scan.block(left, barred, number, local, other, other_field=other_field)
    return scan.pools()


def barred_cells(prepared: Prepared, rows: IntArray, kind: ListKind) -> Cells:
    """Pairs that must not be on a list of this kind."""
    barred = prepared.network.barred[rows]
    if kind == "new":
        barred = barred + known_pairs(prepared, rows)
    return Cells.of(barred)


def from_other_field(prepared: Prepared, rows: IntArray, columns: IntArray) -> BoolArray:
    """Which pairs share no innovation field though both name one; arrays are broadcast."""
    fields = prepared.rows.fields
    mine, theirs = fields[rows], fields[columns]
    named = mine.any(axis=-1) & theirs.any(axis=-1)
    return np.asarray(named & ~(mine & theirs).any(axis=-1))


class _Scan:
    """Keeps the best candidates of groups of rows while blocks of scores pass by."""

    def __init__(self, prepared: Prepared, groups: Sequence[IntArray], size: int) -> None:
        if len(prepared.profiles) > 1 << _RANK_BITS:
            raise ValueError("The engine orders at most 1,048,576 profiles.")
        self.prepared = prepared
        self.groups = groups
        self.size = size
        self._by_rank = np.argsort(prepared.rows.ids)
        self._rank = np.empty(len(self._by_rank), dtype=np.uint64)
        self._rank[self._by_rank] = np.arange(len(self._by_rank), dtype=np.uint64)
        # Nobody who did not agree passes a comparison with NaN.
        self._factor = np.where(prepared.rows.agreed, prepared.exposure, np.nan).astype(np.float32)
        self._bar = [np.full(len(group), -1, dtype=np.float32) for group in groups]
        self._kept: list[Keys] = [np.zeros(0, dtype=np.uint64) for _ in groups]
        self._found: list[list[Keys]] = [[] for _ in groups]
        self._waiting = [0] * len(groups)

    def block(
        self,
        left: RowSet,
        barred: Cells,
        group: int,
        local: IntArray,
        segment: int,
        *,
        both: bool = False,
        other_field: bool = False,
    ) -> None:
        """Score rows of a group with a segment; with `both` the columns get the rows too."""
        right = self.prepared.segments[segment]
        scores = self.prepared.scores(left, right)
        rows, columns, _ = barred.between(right.start, right.stop)
        scores[rows, columns] = np.nan
        theirs = np.arange(right.start, right.stop)
        if other_field:
            scores[~from_other_field(self.prepared, left.rows[:, None], theirs[None, :])] = np.nan
        listed = scores * self._factor[None, theirs]
        bar = self._bar[group][local]
        if bar.max(initial=-1) < 0 and listed.shape[1] > self.size:
            at = listed.shape[1] - self.size
            bar = np.partition(np.where(listed >= 0, listed, np.float32(-1)), at, axis=1)[:, at]
            np.maximum(bar, 0, out=bar)
        rows, columns = np.divmod(np.flatnonzero(listed >= bar[:, None]), listed.shape[1])
        self._add(group, local[rows], theirs[columns], listed[rows, columns])
        if both:
            listed = np.multiply(scores, self._factor[left.rows][:, None], out=listed)
            reached = np.flatnonzero(listed >= self._bar[segment][None, :])
            rows, columns = np.divmod(reached, listed.shape[1])
            self._add(segment, columns, left.rows[rows], listed[rows, columns])

    def add_pairs(
        self, group: int, local: IntArray, partners: IntArray, scores: Float32Array
    ) -> None:
        """Take in scored pairs, without those who did not agree."""
        listed = scores * self._factor[partners]
        agreed = listed >= 0
        self._add(group, local[agreed], partners[agreed], listed[agreed])

    def pools(self) -> Pools:
        """What was kept."""
        rows = np.concatenate([*self.groups, np.zeros(0, dtype=np.int64)])
        candidates = np.full((len(rows), self.size), -1, dtype=np.int64)
        listed = np.full((len(rows), self.size), np.nan, dtype=np.float32)
        first = 0
        for number, group in enumerate(self.groups):
            self._merge(number)
            keys = self._kept[number]
            row = _rows(keys)
            place = np.arange(len(keys)) - np.searchsorted(row, np.arange(len(group)))[row]
            rank = (keys & np.uint64((1 << _RANK_BITS) - 1)).astype(np.int64)
            candidates[first + row, place] = self._by_rank[rank]
            listed[first + row, place] = _values(keys)
            first += len(group)
        return Pools(rows, candidates, listed)

    def _add(self, group: int, local: IntArray, partners: IntArray, listed: Float32Array) -> None:
        # One number that sorts by row, then best first, then lower id: positive floats keep their
        # order when their bits are read as whole numbers.
        inverted = np.uint64((1 << _VALUE_BITS) - 1) - listed.view(np.uint32).astype(np.uint64)
        keys = local.astype(np.uint64) << np.uint64(_RANK_BITS + _VALUE_BITS)
        keys |= inverted << np.uint64(_RANK_BITS)
        keys |= self._rank[partners]
        self._found[group].append(keys)
        self._waiting[group] += len(keys)
        if self._waiting[group] > _MERGE_FROM:
            self._merge(group)

    def _merge(self, group: int) -> None:
        keys = np.sort(np.concatenate([self._kept[group], *self._found[group]]))
        row = _rows(keys)
        count = len(self.groups[group])
        starts = np.searchsorted(row, np.arange(count + 1))
        kept = np.arange(len(keys)) - starts[row] < self.size
        full = np.flatnonzero(np.diff(starts) >= self.size)
        if self.size:
            self._bar[group][full] = _values(keys[starts[full] + self.size - 1])
        self._kept[group], self._found[group], self._waiting[group] = keys[kept], [], 0


def _rows(keys: Keys) -> IntArray:
    return (keys >> np.uint64(_RANK_BITS + _VALUE_BITS)).astype(np.int64)


def _values(keys: Keys) -> Float32Array:
    bits = (keys >> np.uint64(_RANK_BITS)) & np.uint64((1 << _VALUE_BITS) - 1)
    inverted: Float32Array = (np.uint64((1 << _VALUE_BITS) - 1) - bits).astype(np.uint32)
    return inverted.view(np.float32)


def _pools_of_known(
    prepared: Prepared, rows: IntArray, size: int, *, other_field: bool = False
) -> Pools:
    """Pools of those who know each other: few pairs, each looked at alone."""
    scan = _Scan(prepared, list(batches(rows, _GROUP)), size)
    for number, group in enumerate(scan.groups):
        known = known_pairs(prepared, group)
        known = (known - known.multiply(prepared.network.barred[group] > 0)).tocoo()
        chosen = (known.data > 0) & (group[known.row] != known.col)
        local, partners = known.row[chosen].astype(np.int64), known.col[chosen].astype(np.int64)
        if other_field:
            apart = from_other_field(prepared, group[local], partners)
            local, partners = local[apart], partners[apart]
        scores = np.rint(pair_scores(prepared, group[local], partners) * UNITS)
        scan.add_pairs(number, local, partners, scores.astype(np.float32))
    return scan.pools()
