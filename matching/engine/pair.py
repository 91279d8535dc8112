"""Scores of all pairs as whole matrices, for analyses of small worlds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.engine.kernel import UNITS, pair_benefits
from matching.engine.preparation import Prepared, batches, prepare
from matching.engine.profile import Confidentiality, Profile, Vocabulary, Weights
from matching.engine.text import FloatArray
from matching.engine.vectors import Vectors


@dataclass(frozen=True, slots=True)
class PairScores:
    """Scores of all pairs; rows and columns follow `profiles`, which are ordered by id.

    Two matrices of n² double-precision values: 64 MB for 2,000 profiles. Lists need none of them.
    """

    profiles: Sequence[Profile]
    benefit: FloatArray
    """b(u→v), row u, column v; 0 on the diagonal."""
    score: FloatArray
    """The symmetric pair score after competition damping; 0 on the diagonal."""
    exposure_factor: FloatArray
    """One figure a profile: below 1 for one that fits everybody, above 1 for a rarely seen one."""


def score_pairs(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    vectors: Vectors | None = None,
    block_size: int | None = None,
) -> PairScores:
    """Score every pair as the lists do, from what `audience` may know on `today`.

    Raises ValueError for a doubled profile id or a stage that the vocabulary does not order.
    """
    prepared = prepare(
        profiles,
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        vectors=vectors,
        block_size=block_size,
    )
    count = len(prepared.profiles)
    benefit = np.zeros((count, count))
    for batch in batches(np.arange(count)):
        left = prepared.row_set(batch)
        for right in prepared.segments:
            columns = slice(right.start, right.stop)
            scale = prepared.text_scale[columns]
            vector_scale = prepared.frozen.vector_scale
            benefit[batch, columns] = pair_benefits(left, right, scale, weights, vector_scale)[0]
    np.fill_diagonal(benefit, 0.0)
    order = np.argsort(prepared.rows.ids)
    square = np.ix_(order, order)
    return PairScores(
        profiles=[prepared.profiles[row] for row in order],
        benefit=benefit[square],
        score=np.round(score_matrix(prepared)[square], 6),
        exposure_factor=prepared.exposure[order],
    )


def score_matrix(prepared: Prepared) -> FloatArray:
    """Scores of all pairs in the order of the rows, 0 on the diagonal. n² values of eight bytes."""
    count = len(prepared.profiles)
    found = np.zeros((count, count))
    for batch in batches(np.arange(count)):
        left = prepared.row_set(batch)
        for right in prepared.segments:
            found[batch, right.start : right.stop] = prepared.scores(left, right) / UNITS
    np.fill_diagonal(found, 0.0)
    return found
