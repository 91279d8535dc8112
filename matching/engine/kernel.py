"""Scores of all pairs of a few rows with a segment of columns: the part that must be fast.

Single precision throughout. Whatever decides a score is computed cell by cell in the same order
wherever a cell stands, so the cut into blocks, and which side of a pair is the row, change nothing.
"""

import threading
from typing import Final

import numpy as np

from matching.engine.layout import AnswerScale, RowSet, Segment, Slot
from matching.engine.parts import (
    NEED_ANSWERED,
    NEUTRAL,
    cross_innovation,
    harmonic_mean,
    jaccard,
    text_reach,
)
from matching.engine.profile import COMPETITION_FACTOR, Weights
from matching.engine.text import BoolArray, Float32Array, SparseMatrix
from matching.engine.vectors import VectorScale

UNITS: Final = 1_000_000
"""Scores are whole numbers of these, so that library and rounding never decide a tie."""


def pair_scores(
    left: RowSet,
    right: Segment,
    right_text_scale: Float32Array,
    weights: Weights,
    vector_scale: VectorScale | None,
) -> Float32Array:
    """Scores of every row with every column in whole `UNITS`, competition damped.

    A profile with itself gets a figure without meaning.
    """
    forward, backward, answered = pair_benefits(
        left, right, right_text_scale, weights, vector_scale
    )
    score = harmonic_mean(forward, backward)
    _damp(score, left, right, answered)
    score *= np.float32(UNITS)
    return np.asarray(np.rint(score, out=score))


def pair_benefits(
    left: RowSet,
    right: Segment,
    right_text_scale: Float32Array,
    weights: Weights,
    vector_scale: VectorScale | None,
) -> tuple[Float32Array, Float32Array, Float32Array]:
    """Benefits of rows from columns, of columns from rows, and the best answer to any need."""
    kind = np.float32
    common, bridged = _bridge(left, right)
    common *= kind(weights.bridge)
    edges = _edges(left, right, bridged)
    edges *= kind(weights.cross_innovation)
    common += edges
    common += kind(weights.trust * NEUTRAL)
    rows, columns, gains = left.evidence.between(right.start, right.stop)
    common[rows, columns] += gains
    likeness = text_likeness(left.table.texts, right.texts)
    _add_text(common, likeness, left.text_weight[:, None], text_reach(right_text_scale), weights)

    forward = np.take(left.chain, right.stages, axis=1)
    forward += common
    backward = np.take(left.chain_back, right.stages, axis=1)
    backward += common
    met, answered = _needs_of_rows(left, right, vector_scale)
    met *= kind(weights.need)
    forward += met
    met, best = _needs_of_columns(left, right, vector_scale)
    met *= kind(weights.need)
    backward += met
    return forward, backward, np.maximum(answered, best, out=best)


def text_likeness(left: tuple[SparseMatrix, ...], right: tuple[SparseMatrix, ...]) -> Float32Array:
    """Cosines of texts; the better language counts."""
    best = _product(left[0], right[0])
    for one, other in zip(left[1:], right[1:], strict=True):
        np.maximum(best, _product(one, other, _scratch("other", best.shape)), out=best)
    return best


def _bridge(left: RowSet, right: Segment) -> tuple[Float32Array, BoolArray]:
    shared = _product(left.table.bridge, right.bridge)
    bridged = shared > 0
    return jaccard(shared, left.table.bridge_size[:, None], right.bridge_size[None, :]), bridged


def _edges(left: RowSet, right: Segment, bridged: BoolArray) -> Float32Array:
    shared = _product(left.table.home, right.home)
    overlap = jaccard(shared, left.table.home_size[:, None], right.home_size[None, :])
    part = cross_innovation(overlap, bridged)
    part[left.homeless] = NEUTRAL
    part[:, right.homeless] = NEUTRAL
    return part


def _add_text(
    benefit: Float32Array,
    likeness: Float32Array,
    left_reach: Float32Array,
    right_reach: Float32Array,
    weights: Weights,
) -> None:
    """Add the text part; only with frozen scales can somebody be closer than the closest."""
    part = likeness * (left_reach * right_reach)
    np.minimum(part, np.float32(1), out=part)
    part *= np.float32(weights.text)
    benefit += part


def _needs_of_rows(
    left: RowSet, right: Segment, scale: VectorScale | None
) -> tuple[Float32Array, Float32Array]:
    """How well the columns' offers meet the rows' needs, and how well the best-met one."""
    shape = (len(left.rows), right.stop - right.start)
    best, total = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    if right.offers:
        for need in left.needs:
            _add_met(best, total, [(need, offer) for offer in right.offers], scale)
    _mean_and_best(total, best, left.need_counts)
    total[left.needless] = NEUTRAL
    return total, best


def _needs_of_columns(
    left: RowSet, right: Segment, scale: VectorScale | None
) -> tuple[Float32Array, Float32Array]:
    """How well the rows' offers meet the columns' needs, and how well the best-met one."""
    shape = (len(left.rows), right.stop - right.start)
    best, total = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    if left.offers:
        for need in right.needs:
            _add_met(best, total, [(offer, need) for offer in left.offers], scale)
    _mean_and_best(total, best, right.need_counts)
    total[:, right.needless] = NEUTRAL
    return total, best


def _add_met(
    best: Float32Array,
    total: Float32Array,
    pairs: list[tuple[Slot, Slot]],
    scale: VectorScale | None,
) -> None:
    """Add how well one need of each profile is met by the best of the other side's offers."""
    unmet = _scratch("unmet", best.shape)
    unmet[:] = 1
    for rows, columns in pairs:
        np.minimum(unmet, _missing(rows, columns, best.shape, scale), out=unmet)
    np.subtract(np.float32(1), unmet, out=unmet)
    np.maximum(best, unmet, out=best)
    total += unmet


def _mean_and_best(total: Float32Array, best: Float32Array, counts: Float32Array) -> None:
    """Turn the sum over needs into half their mean and half the best."""
    total /= counts
    total += best
    total *= np.float32(0.5)


def _missing(
    rows: Slot, columns: Slot, shape: tuple[int, ...], scale: VectorScale | None
) -> Float32Array:
    """What is missing to a full answer: (1 − likeness of texts)·(1 − .6·share of terms).

    The factors stand in the matrices already, see `layout.AnswerScale`. Holds until the next call.
    """
    factors = AnswerScale.of(scale)
    missing, other = _scratch("missing", shape), _scratch("other", shape)
    _product(rows.texts[0], columns.texts[0], missing)
    for mine, theirs in zip(rows.texts[1:], columns.texts[1:], strict=True):
        np.minimum(missing, _product(mine, theirs, other), out=missing)
    missing += np.float32(factors.text_offset)
    if rows.vectors is not None and columns.vectors is not None:
        # This product is exact in any order, see `vectors`.
        np.minimum(missing, np.matmul(rows.vectors, columns.vectors, out=other), out=missing)
    np.clip(missing, np.float32(0), np.float32(factors.reach), out=missing)
    lacking = _product(rows.terms, columns.terms, other)
    lacking += np.float32(1 / factors.reach)
    missing *= lacking
    return missing


def _damp(
    score: Float32Array,
    left: RowSet,
    right: Segment,
    answered: Float32Array,
) -> None:
    """Lower the score of competitors: same focus, a common sector, no need answered."""
    same = left.table.focus[:, None] == right.focus[None, :]
    rows, columns = np.divmod(np.flatnonzero(same), same.shape[1])
    held = left.table.focus[rows] >= 0
    held &= left.table.damped[rows] & right.damped[columns]
    rows, columns = rows[held], columns[held]
    common = (left.table.sectors[rows] & right.sectors[columns]).any(axis=1)
    rows, columns = rows[common], columns[common]
    competing = answered[rows, columns] < NEED_ANSWERED
    score[rows[competing], columns[competing]] *= np.float32(COMPETITION_FACTOR)


def _product(
    left: SparseMatrix, right: SparseMatrix, out: Float32Array | None = None
) -> Float32Array:
    from sklearn.utils.sparsefuncs import sparse_matmul_to_dense

    return np.asarray(sparse_matmul_to_dense(left, right, out=out))


def _scratch(name: str, shape: tuple[int, ...]) -> Float32Array:
    """An array to write into, the same one each time: it is still in the processor's cache."""
    kept: dict[str, Float32Array] = _local.__dict__
    found = kept.get(name)
    if found is None or found.shape != shape:
        found = kept[name] = np.empty(shape, dtype=np.float32)
    return found


_local = threading.local()
