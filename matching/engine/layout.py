"""Profiles laid out for the kernel: segments as columns, a few at a time as rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.features import Frozen
from matching.engine.parts import (
    COSINE_NOISE,
    COSINE_SAME,
    EVENT_TRUST,
    NEUTRAL,
    SHARED_TERMS_EVIDENCE,
    text_reach,
    trust,
)
from matching.engine.profile import Weights
from matching.engine.tables import Rows, Statements, WordArray
from matching.engine.text import BoolArray, Float32Array, FloatArray, IntArray, SparseMatrix
from matching.engine.vectors import VectorScale, as_floats


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """Factors that turn products of needs and offers into what is missing to a full answer.

    Everything is measured in the reach of the vectors (`same` − `noise`, 1 without vectors), so
    that their exact product needs no factor. The factors are in the needs, be these rows or
    columns, so that either way gives the same figure.
    """

    reach: float
    text_factor: float
    text_offset: float
    terms_factor: float

    @classmethod
    def of(cls, scale: VectorScale | None) -> "AnswerScale":
        """The factors for a text model, or without one."""
        reach = scale.same - scale.noise if scale else 1.0
        slope = reach / (COSINE_SAME - COSINE_NOISE)
        return cls(reach, -slope, slope * COSINE_SAME, -SHARED_TERMS_EVIDENCE / reach)


@dataclass(frozen=True, slots=True)
class Slot:
    """One statement of each profile (the first, the second, …) as rows, or turned as columns."""

    texts: tuple[SparseMatrix, ...]
    terms: SparseMatrix
    vectors: Float32Array | None

    def turned(self) -> "Slot":
        """The same as columns."""
        return Slot(
            texts=tuple(_transposed(matrix) for matrix in self.texts),
            terms=_transposed(self.terms),
            vectors=None if self.vectors is None else np.ascontiguousarray(self.vectors.T),
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring profiles as columns."""

    start: int
    stop: int
    texts: tuple[SparseMatrix, ...]
    bridge: SparseMatrix
    bridge_size: Float32Array
    home: SparseMatrix
    home_size: Float32Array
    homeless: IntArray
    stages: IntArray
    focus: NDArray[np.int32]
    sectors: WordArray
    damped: BoolArray
    needs: tuple[Slot, ...]
    offers: tuple[Slot, ...]
    need_counts: Float32Array
    needless: IntArray


def segment(rows: Rows, start: int, stop: int, scale: VectorScale | None) -> Segment:
    """Profiles [start, stop) as columns."""
    part = rows.take(np.arange(start, stop))
    counts = part.needs.counts
    bridge = _transposed(part.bridge)
    bridge.data[:] = 1
    return Segment(
        start=start,
        stop=stop,
        texts=tuple(_transposed(matrix) for matrix in part.texts),
        bridge=bridge,
        bridge_size=part.bridge_size,
        home=_transposed(part.home),
        home_size=part.home_size,
        homeless=np.flatnonzero(part.home_size == 0),
        stages=part.stages,
        focus=part.focus,
        sectors=part.sectors,
        damped=part.damped,
        needs=tuple(slot.turned() for slot in _slots(part.needs, scale, is_need=True)),
        offers=tuple(slot.turned() for slot in _slots(part.offers, scale, is_need=False)),
        need_counts=np.maximum(counts, 1).astype(np.float32),
        needless=np.flatnonzero(counts == 0),
    )


@dataclass(frozen=True, slots=True)
class RowSet:
    """A few profiles as rows, with all they have in common with every other one."""

    rows: IntArray
    table: Rows
    chain: Float32Array
    chain_back: Float32Array
    text_weight: Float32Array
    """What cosines of each row are multiplied with, before those of the column."""
    need_counts: Float32Array
    needless: IntArray
    homeless: IntArray
    needs: tuple[Slot, ...]
    offers: tuple[Slot, ...]
    evidence: "Cells"


@dataclass(frozen=True, slots=True)
class Cells:
    """Some cells of rows by all columns, ordered by column."""

    rows: IntArray
    columns: IntArray
    values: Float32Array

    @classmethod
    def of(cls, matrix: SparseMatrix) -> "Cells":
        """The stored cells of a sparse matrix."""
        cells = matrix.tocoo()
        order = np.argsort(cells.col, kind="stable")
        return cls(cells.row[order].astype(np.int64), cells.col[order], cells.data[order])

    def between(self, start: int, stop: int) -> tuple[IntArray, IntArray, Float32Array]:
        """Rows, columns counted from `start`, and values of the cells in these columns."""
        first, last = np.searchsorted(self.columns, (start, stop))
        found = self.columns[first:last] - start
        return self.rows[first:last], found, self.values[first:last]


def row_set(
    rows: IntArray,
    table: Rows,
    evidence: SparseMatrix,
    scale_of_text: Float32Array,
    frozen: Frozen,
    weights: Weights,
) -> RowSet:
    """Profiles ready to be compared; `table` and `scale_of_text` hold these rows only."""
    chain = frozen.chain * np.float32(weights.chain)
    lifted = evidence.tocsr()
    gain = trust(lifted.data) - NEUTRAL
    lifted.data = (gain * weights.trust).astype(np.float32)
    counts = table.needs.counts
    return RowSet(
        rows=rows,
        table=table,
        chain=chain[table.stages],
        chain_back=np.ascontiguousarray(chain.T)[table.stages],
        text_weight=text_reach(scale_of_text),
        need_counts=np.maximum(counts, 1).astype(np.float32)[:, None],
        needless=np.flatnonzero(counts == 0),
        homeless=np.flatnonzero(table.home_size == 0),
        needs=_slots(table.needs, frozen.vector_scale, is_need=True),
        offers=_slots(table.offers, frozen.vector_scale, is_need=False),
        evidence=Cells.of(lifted),
    )


def _transposed(matrix: SparseMatrix) -> SparseMatrix:
    return matrix.T.tocsr()


def _with_empty_row(matrix: SparseMatrix) -> SparseMatrix:
    """The matrix with one more row, empty, which -1 then means."""
    from scipy.sparse import csr_matrix

    pointers = np.append(matrix.indptr, matrix.indptr[-1])
    return csr_matrix(
        (matrix.data, matrix.indices, pointers), shape=(matrix.shape[0] + 1, matrix.shape[1])
    )


def _sides(
    statements: Statements, scale: VectorScale | None, *, is_need: bool
) -> tuple[tuple[SparseMatrix, ...], SparseMatrix, Float32Array | None]:
    """Texts, terms and vectors of statements, with an empty row at the end that -1 means."""
    texts = tuple(_with_empty_row(matrix) for matrix in statements.texts)
    terms = _with_empty_row(statements.terms)
    vectors = None
    if scale is not None and statements.vectors is not None:
        known = as_floats(statements.vectors)
        sign, same = (-1, scale.same) if is_need else (1, 1)
        vectors = np.column_stack((known * sign, np.full(len(known), same))).astype(np.float32)
    if is_need:
        factors = AnswerScale.of(scale)
        for matrix in texts:
            matrix.data = matrix.data * np.float32(factors.text_factor)
        sizes = np.repeat(statements.asked, np.diff(statements.terms.indptr))
        terms.data = np.float32(factors.terms_factor) / sizes
    return texts, terms, vectors


def _slots(statements: Statements, scale: VectorScale | None, *, is_need: bool) -> tuple[Slot, ...]:
    owners = np.arange(len(statements.bounds) - 1)
    texts, terms, vectors = _sides(statements, scale, is_need=is_need)
    slots = []
    for number in range(int(statements.counts.max(initial=0))):
        at = statements.slot(owners, number)
        slots.append(
            Slot(
                texts=tuple(matrix[at] for matrix in texts),
                terms=terms[at],
                vectors=None if vectors is None else vectors[at],
            )
        )
    return tuple(slots)


def evidence_of(
    rows: Rows,
    joint: SparseMatrix,
    events: SparseMatrix,
    partners: SparseMatrix,
) -> SparseMatrix:
    """What rows did together with every profile: ties + .5·events + ways over partners."""
    met = (rows.events @ events) * EVENT_TRUST
    mutual = rows.partners @ partners
    return (met + mutual + joint).tocsr()


def scale_cells(evidence: SparseMatrix, mine: FloatArray, theirs: FloatArray) -> None:
    """Multiply each stored cell with the figures of its row and of its column, in place."""
    of_row = np.repeat(mine, np.diff(evidence.indptr))
    # Both figures first, so that it is the same product for either side.
    evidence.data = evidence.data * (of_row * theirs[evidence.indices])
