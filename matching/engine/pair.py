"""From directed benefits to one score for a pair: reciprocity, competition, exposure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from matching.engine.parts import BoolArray, DirectedParts
from matching.engine.profile import (
    COMPETITION_FACTOR,
    Confidentiality,
    Profile,
    Vocabulary,
    Weights,
    prepare_profiles,
)
from matching.engine.text import FloatArray

EXPOSURE_EXPONENT: Final = 0.25
DECIMALS: Final = 6
"""Scores are rounded before they are compared, so block size and library never decide a tie."""
BLOCK_SIZE: Final = 256


@dataclass(frozen=True, slots=True)
class PairScores:
    """Scores of all pairs; rows and columns follow `profiles`, which are ordered by id.

    Holds three matrices of n² values (17 bytes a pair: 68 MB for 2,000 profiles); everything else
    is computed block by block and forgotten.
    """

    profiles: Sequence[Profile]
    parts: DirectedParts
    benefit: FloatArray
    """b(u→v), row u, column v."""
    score: FloatArray
    """The symmetric pair score after competition damping; 0 on the diagonal."""
    competing: BoolArray
    exposure_factor: FloatArray
    """One figure a profile: below 1 for one that fits everybody, above 1 for a rarely seen one."""


def score_pairs(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    block_size: int = BLOCK_SIZE,
) -> PairScores:
    """Score every pair from what `audience` may know on `today`.

    Raises ValueError for a doubled profile id or a stage that the vocabulary does not order.
    """
    seen = prepare_profiles(profiles, audience=audience, today=today)
    parts = DirectedParts(seen, vocabulary)
    count = len(seen)
    benefit = np.zeros((count, count))
    answered = np.zeros((count, count), dtype=bool)
    weight_of = weights.as_dict()
    for start in range(0, count, block_size):
        stop = min(start + block_size, count)
        block = parts.block(start, stop)
        benefit[start:stop] = np.round(block.benefit(weight_of), DECIMALS)
        answered[start:stop] = block.answered
    np.fill_diagonal(benefit, 0.0)
    competing = _same_focus(seen) & ~answered & ~answered.T
    score = harmonic_mean(benefit, benefit.T)
    score[competing] *= COMPETITION_FACTOR
    score = np.round(score, DECIMALS)
    return PairScores(seen, parts, benefit, score, competing, _exposure_factor(score))


def harmonic_mean(forward: FloatArray, backward: FloatArray) -> FloatArray:
    """2ab/(a+b): a pair is worth as much as its weaker side allows; 0 where either is 0."""
    total = forward + backward
    product: FloatArray = 2 * forward * backward
    return np.asarray(np.divide(product, total, out=np.zeros_like(total), where=total > 0))


def _same_focus(profiles: Sequence[Profile]) -> BoolArray:
    """Same main field, same set of stages and a common sector. Missing data never accuses."""
    count = len(profiles)
    focus = _group_numbers(
        [(p.focus(), p.stages) if p.focus() and p.stages else None for p in profiles]
    )
    same = (focus[:, None] == focus[None, :]) & (focus >= 0)[:, None]
    sectors = sorted({key for p in profiles for key in p.sectors})
    table = np.array([[key in p.sectors for key in sectors] for p in profiles], dtype=float)
    if not sectors:
        return np.zeros((count, count), dtype=bool)
    same &= table @ table.T > 0
    np.fill_diagonal(same, False)
    return np.asarray(same)


def _group_numbers(keys: Sequence[object | None]) -> FloatArray:
    """The same number for equal keys, -1 for None."""
    numbers: dict[object, int] = {}
    return np.array(
        [-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys], dtype=float
    )


def _exposure_factor(score: FloatArray) -> FloatArray:
    """(mean of all / mean received by v)^0.25, so that nobody is on every list or on none."""
    received = score.sum(axis=0) / max(len(score) - 1, 1)
    typical = received.mean() if len(received) else 0.0
    ratio = np.divide(typical, received, out=np.ones_like(received), where=received > 0)
    return np.asarray(np.round(ratio**EXPOSURE_EXPONENT, DECIMALS))
