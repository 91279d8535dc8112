"""The formulas of the six parts of the directed benefit b(u→v), for arrays of any shape.

Every part lies in [0,1]. `NEUTRAL` stands where an entry is missing and nothing can be said:
a gap in the data is neither good nor bad. docs/matching.md gives the reasons for each figure.
All work on single and on double precision: the blocks of all pairs take the first, the few pairs
that are shown the second.
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.engine.text import BoolArray, Float32Array

Figures: TypeAlias = NDArray[Any]

NEUTRAL: Final = 0.25
NEED_ANSWERED: Final = 0.35
"""From this similarity on an offer counts as answering a need, in sentences and for competition."""
COSINE_NOISE: Final = 0.05
COSINE_SAME: Final = 0.50
"""Short texts on different matters reach about .05, on the same matter about .5."""
SHARED_TERMS_EVIDENCE: Final = 0.6
FARTHER_STAGE: Final = 0.5
OVERLAP_BEST_FROM: Final = 0.25
OVERLAP_BEST_TO: Final = 0.50
OVERLAP_FULL: Final = 0.3
NO_OVERLAP_WITH_BRIDGE: Final = 0.5
TEXT_SCALE_AT_LEAST: Final = 0.2
"""Row maxima below this are not stretched: the best of only weak likenesses stays weak."""
EVENT_TRUST: Final = 0.5
TRUST_TOP_AT_LEAST: Final = 2.0
"""Two joint projects of two: less than this in the whole world is never taken for full trust."""
KNOWN_FROM_EVENTS: Final = 3
"""Who attended so many events together knows each other."""
TINY: Final = 1e-30


def scaled(cosine: Figures, noise: float, same: float) -> Figures:
    """A cosine as a figure in [0,1]: at most `noise` is 0, from `same` on 1."""
    slope = 1 / (same - noise)
    kind = cosine.dtype.type
    return np.asarray(np.clip((cosine - kind(noise)) * kind(slope), 0, 1))


def answer(text: Figures, coverage: Figures) -> Figures:
    """How well an offer answers a need: likeness of texts, share of the need's terms it names.

    Either evidence suffices and both strengthen each other (probabilistic or).
    """
    evidence = text.dtype.type(SHARED_TERMS_EVIDENCE)
    return np.asarray(1 - (1 - text) * (1 - evidence * coverage))


def need_met(best: Figures, total: Figures, number: Figures) -> Figures:
    """Half the need met best, half the mean of all `number` needs.

    With the mean alone, whoever states a second need would make every partner look worse.
    """
    return np.asarray((best + total / number) / 2)


def jaccard(shared: Figures, left: Figures, right: Figures) -> Figures:
    """Weighted overlap divided by weighted union; 0 where both are empty."""
    union = (left + right) - shared
    return np.asarray(shared / np.maximum(union, union.dtype.type(TINY), out=union))


def cross_innovation(overlap: Figures, bridged: BoolArray) -> Figures:
    """Medium overlap of fields and sectors counts most: new ground at the edges."""
    kind = overlap.dtype.type
    foot = NO_OVERLAP_WITH_BRIDGE
    # From 0 to 1, with a bridge from the foot to 1.
    raised = kind(foot) - overlap * kind(foot / OVERLAP_BEST_FROM)
    raised *= bridged
    rising = overlap * kind(1 / OVERLAP_BEST_FROM)
    rising += raised
    fall = (1 - OVERLAP_FULL) / (1 - OVERLAP_BEST_TO)
    falling = kind(1 + fall * OVERLAP_BEST_TO) - overlap * kind(fall)
    np.minimum(rising, falling, out=rising)
    return np.asarray(np.minimum(rising, kind(1), out=rising))


def trust(evidence: Figures) -> Figures:
    """Joint projects, events and common partners lift trust from neutral towards 1.

    `evidence` has been divided by what is much for the two (`trust_reach` of both). The root lets
    the first things done together count most.
    """
    return np.asarray(NEUTRAL + (1 - NEUTRAL) * np.sqrt(np.minimum(evidence, 1)))


def trust_reach(strongest: Figures, top: float) -> Figures:
    """What evidence is multiplied with on each side: (strongest of its own · of all)^(−1/4).

    Evidence is so measured by what is much for these two, halfway between their own measure and
    that of everybody: who has worked with half the country is not close to all of it.
    """
    held = np.where(strongest > 0, strongest, 1.0)
    return np.where(strongest > 0, (held * max(top, TRUST_TOP_AT_LEAST)) ** -0.25, 1.0)


def text_reach(closest: Figures) -> Figures:
    """What a cosine is multiplied with on each side: (its closest likeness)^(−1/4).

    Halfway between the measure of the two themselves and that of texts that are the same.
    """
    return np.asarray(closest ** closest.dtype.type(-0.25))


def harmonic_mean(forward: Figures, backward: Figures) -> Figures:
    """2ab/(a+b): a pair is worth as much as its weaker side allows; 0 where either is 0."""
    total = forward + backward
    product = forward * backward
    product += product
    return np.asarray(product / np.maximum(total, total.dtype.type(TINY), out=total))


def chain_table(
    groups: Sequence[frozenset[str]], stages: Sequence[str]
) -> tuple[Float32Array, BoolArray]:
    """Chain part from each set of stages (row) to each other (column), and where it is unknown.

    1 where the other has a stage that is lacking here beside one held, .5 for a farther one, 0 for
    none. Raises ValueError for a stage that the vocabulary does not order.
    """
    columns = {stage: index for index, stage in enumerate(stages)}
    held = np.zeros((len(groups), max(len(columns), 1)), dtype=bool)
    for row, group in enumerate(groups):
        if unordered := group - columns.keys():
            raise ValueError(f"Stages missing in the vocabulary: {', '.join(sorted(unordered))}.")
        held[row, [columns[stage] for stage in group]] = True
    beside = np.zeros_like(held)
    beside[:, 1:] |= held[:, :-1]
    beside[:, :-1] |= held[:, 1:]
    offered = held.T.astype(np.float32)
    neighbour = (beside & ~held).astype(np.float32) @ offered > 0
    farther = (~beside & ~held).astype(np.float32) @ offered > 0
    staged = np.asarray(held.any(axis=1))
    unknown = ~(staged[:, None] & staged[None, :])
    part = np.where(neighbour, 1.0, np.where(farther, FARTHER_STAGE, 0.0))
    return np.where(unknown, NEUTRAL, part).astype(np.float32), unknown
