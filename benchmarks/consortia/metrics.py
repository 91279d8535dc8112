"""Measures of ranked lists, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

TOP: Final = 10
LARGEST: Final = 0.10
RESAMPLES: Final = 1000
SEED: Final = 20241231
MEASURES: Final = ("recall", "ndcg", "mrr", "small")


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one model achieves on one task: a figure for each query, and who gets shown.

    `small` is NaN for a query without a positive among the small organisations.
    """

    queries: NDArray[np.int64]
    """The row of each query in the task."""
    values: dict[str, Floats]
    coverage: float
    gini: float


def rank(score: Floats, former: Bools, positive: Bools, size: Floats) -> Ranked:
    """Measure a score matrix: row u holds what each candidate is worth to u.

    Equal scores are put in an order drawn once (fixed seed), the same for every model. Lists of
    all rows count for coverage and Gini; rows with a positive count as queries.
    """
    count = len(score)
    luck = np.random.default_rng(SEED).permutation(count)
    allowed = np.where(former, -np.inf, score)
    order = luck[np.argsort(-allowed[:, luck], axis=1, kind="stable")]
    usable = np.take_along_axis(~former, order, axis=1)
    hit = np.take_along_axis(positive, order, axis=1) & usable
    queries = np.flatnonzero(positive.any(axis=1))
    small = positive & ~largest(size)[None, :]
    values = {
        "recall": recall_at(hit[queries]),
        "ndcg": ndcg_at(hit[queries]),
        "mrr": reciprocal_rank(hit[queries]),
        "small": recall_at((np.take_along_axis(small, order, axis=1) & usable)[queries]),
    }
    shown = np.bincount(order[:, :TOP][usable[:, :TOP]], minlength=count).astype(float)
    return Ranked(queries, values, float((shown > 0).mean()), gini(shown))


def recall_at(hit: Bools, top: int = TOP) -> Floats:
    """Share of the positives of each row among its first `top`; NaN for a row without any."""
    total = hit.sum(axis=1).astype(float)
    found = hit[:, :top].sum(axis=1)
    return np.asarray(np.divide(found, total, out=np.full(len(hit), np.nan), where=total > 0))


def ndcg_at(hit: Bools, top: int = TOP) -> Floats:
    """Gain 1/log2(rank+1) of the hits among the first `top`, divided by the best possible."""
    gains = 1 / np.log2(np.arange(2, top + 2))
    gains = gains[: hit.shape[1]]
    reached = hit[:, :top] @ gains
    best = np.concatenate(([0.0], np.cumsum(gains)))
    possible = best[np.minimum(hit.sum(axis=1), len(gains))]
    unknown = np.full(len(hit), np.nan)
    return np.asarray(np.divide(reached, possible, out=unknown, where=possible > 0))


def reciprocal_rank(hit: Bools) -> Floats:
    """1/rank of the first hit of each row; 0 without one."""
    first = hit.argmax(axis=1)
    return np.where(hit.any(axis=1), 1 / (first + 1.0), 0.0)


def gini(shown: Floats) -> float:
    """0 when everybody is shown equally often, towards 1 when one gets it all."""
    ordered = np.sort(shown)
    total = ordered.sum()
    count = len(ordered)
    if not count or total == 0:
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * total))


def largest(size: Floats) -> Bools:
    """The tenth of the candidates with most earlier consortia; who ties with the last one too."""
    seats = int(np.ceil(LARGEST * len(size)))
    return np.asarray(size >= np.sort(size)[::-1][seats - 1])


def resampling(organisations: NDArray[np.int64], resamples: int = RESAMPLES) -> Floats:
    """How often each query counts in each resample, drawn over organisations, not over queries.

    One organisation asks in several windows; its queries resemble each other.
    """
    names, owner = np.unique(organisations, return_inverse=True)
    drawn = np.random.default_rng(SEED).multinomial(
        len(names), np.full(len(names), 1 / len(names)), size=resamples
    )
    return np.asarray(drawn[:, owner], dtype=float)


def mean_of(values: Floats) -> float:
    """Mean over the queries that have a value."""
    known = ~np.isnan(values)
    return float(values[known].mean()) if known.any() else float("nan")


def interval(values: Floats, counts: Floats) -> tuple[float, float]:
    """95 % bootstrap interval of the mean."""
    known = ~np.isnan(values)
    weight = counts[:, known].sum(axis=1)
    means = (counts[:, known] @ values[known])[weight > 0] / weight[weight > 0]
    if not len(means):
        return float("nan"), float("nan")
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
