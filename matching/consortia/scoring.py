"""Scores of all pairs, and who competes with whom, as the engine counts them for the lists."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matching.engine.pair import score_matrix
from matching.engine.pairs import pair_figures
from matching.engine.preparation import Prepared, prepare
from matching.engine.profile import Confidentiality, Profile, Vocabulary, Weights
from matching.engine.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Scored:
    """Profiles by id; rows and columns of both tables follow them."""

    profiles: list[Profile]
    scores: NDArray[np.float64]
    competing: NDArray[np.bool_]


def score_everybody(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    vectors: Vectors | None = None,
) -> Scored:
    """Score every pair from what `audience` may know on `today`. n² values of eight bytes."""
    prepared = prepare(
        profiles,
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        vectors=vectors,
    )
    order = np.argsort(prepared.rows.ids)
    square = np.ix_(order, order)
    scores = np.round(score_matrix(prepared)[square], 6)
    return Scored(
        profiles=[prepared.profiles[row] for row in order],
        # Both sides of a pair are computed apart and may differ in the last digit.
        scores=np.maximum(scores, scores.T),
        competing=_competing(prepared)[square],
    )


def _competing(prepared: Prepared) -> NDArray[np.bool_]:
    """Only pairs with the same focus can compete: the others are not even looked at."""
    focus = np.asarray(prepared.rows.focus)
    found = np.zeros((len(focus), len(focus)), dtype=bool)
    u, v = np.nonzero(np.triu((focus[:, None] == focus[None, :]) & (focus >= 0)[:, None], 1))
    for figures in pair_figures(prepared, u, v):
        found[figures.u, figures.v] = figures.competing
    return found | found.T
