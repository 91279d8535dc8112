"""Chosen pairs one by one, in double precision: what a list shows and explains."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.engine.parts import (
    COSINE_NOISE,
    COSINE_SAME,
    EVENT_TRUST,
    NEED_ANSWERED,
    NEUTRAL,
    answer,
    cross_innovation,
    harmonic_mean,
    jaccard,
    need_met,
    scaled,
    text_reach,
    trust,
)
from matching.engine.preparation import DECIMALS, Prepared
from matching.engine.profile import COMPETITION_FACTOR, PART_NAMES, PartName
from matching.engine.text import BoolArray, FloatArray, IntArray, SparseMatrix

_AT_ONCE: Final = 16_384


@dataclass(frozen=True, slots=True)
class Answers:
    """The best offer for each need of directed pairs u→v, in the order of pairs and needs."""

    bounds: IntArray
    """Pair i has needs [bounds[i], bounds[i+1]); none where v offers nothing."""
    needs: IntArray
    """Rows of `Prepared.rows.needs`."""
    offers: IntArray
    similarity: FloatArray


@dataclass(frozen=True, slots=True)
class Directed:
    """All parts from u to v, for some pairs."""

    parts: dict[PartName, FloatArray]
    neutral: dict[PartName, BoolArray]
    benefit: FloatArray
    answers: Answers
    answered: BoolArray


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Both directions of some pairs and what follows; figures rounded for the reader."""

    u: IntArray
    v: IntArray
    forward: Directed
    backward: Directed
    competing: BoolArray
    factor: FloatArray
    score: FloatArray


def pair_figures(prepared: Prepared, u: IntArray, v: IntArray) -> Iterator[PairFigures]:
    """Everything about the pairs of these rows, some thousand pairs at a time."""
    for start in range(0, len(u), _AT_ONCE):
        yield _figures(prepared, u[start : start + _AT_ONCE], v[start : start + _AT_ONCE])


def pair_scores(prepared: Prepared, u: IntArray, v: IntArray) -> FloatArray:
    """The scores of pairs, rounded."""
    scores = [figures.score for figures in pair_figures(prepared, u, v)]
    return np.concatenate([*scores, np.zeros(0)])


def dots(left: SparseMatrix, right: SparseMatrix, u: IntArray, v: IntArray) -> FloatArray:
    """The product of row u of the one with row v of the other matrix, for each pair."""
    if not len(u):
        return np.zeros(0)
    return np.asarray(left[u].multiply(right[v]).sum(axis=1), dtype=np.float64).ravel()


def best_dots(
    left: tuple[SparseMatrix, ...], right: tuple[SparseMatrix, ...], u: IntArray, v: IntArray
) -> FloatArray:
    """Cosines of texts; the better language counts."""
    best = np.zeros(len(u))
    for one, other in zip(left, right, strict=True):
        np.maximum(best, dots(one, other, u, v), out=best)
    return best


def _figures(prepared: Prepared, u: IntArray, v: IntArray) -> PairFigures:
    rows = prepared.rows
    shared = dots(rows.bridge.astype(bool), rows.bridge.astype(np.float64), u, v)
    sizes = rows.bridge_size.astype(np.float64)
    bridge = jaccard(shared, sizes[u], sizes[v])
    homes = rows.home_size.astype(np.float64)
    overlap = jaccard(dots(rows.home, rows.home, u, v), homes[u], homes[v])
    homeless = (homes[u] == 0) | (homes[v] == 0)
    edges = np.where(homeless, NEUTRAL, cross_innovation(overlap, shared > 0))
    evidence = _evidence(prepared, u, v)
    cosine = best_dots(rows.texts, rows.texts, u, v)
    common: dict[PartName, FloatArray] = {
        "bridge": bridge,
        "cross_innovation": edges,
        "trust": trust(evidence),
        "text": cosine,
    }
    neutral: dict[PartName, BoolArray] = {"cross_innovation": homeless, "trust": evidence == 0}
    forward = _directed(prepared, u, v, common, neutral)
    backward = _directed(prepared, v, u, common, neutral)
    same = (rows.focus[u] == rows.focus[v]) & (rows.focus[u] >= 0) & (u != v)
    competing = same & (rows.sectors[u] & rows.sectors[v]).any(axis=1)
    competing &= ~forward.answered & ~backward.answered
    damped = competing & rows.damped[u] & rows.damped[v]
    factor = np.where(damped, COMPETITION_FACTOR, 1.0)
    score = np.round(harmonic_mean(forward.benefit, backward.benefit) * factor, DECIMALS)
    return PairFigures(u, v, forward, backward, competing, factor, score)


def _directed(
    prepared: Prepared,
    u: IntArray,
    v: IntArray,
    common: dict[PartName, FloatArray],
    neutral: dict[PartName, BoolArray],
) -> Directed:
    rows, frozen = prepared.rows, prepared.frozen
    answers = best_answers(prepared, u, v)
    counts = rows.needs.counts[u]
    per_pair = np.diff(answers.bounds)
    best, total = np.zeros(len(u)), np.zeros(len(u))
    served = np.flatnonzero(per_pair)
    if len(served):
        firsts = answers.bounds[:-1][served]
        best[served] = np.maximum.reduceat(answers.similarity, firsts)
        total[served] = np.add.reduceat(answers.similarity, firsts)
    need = np.where(counts == 0, NEUTRAL, need_met(best, total, np.maximum(counts, 1)))
    stages = rows.stages
    reach = text_reach(prepared.text_scale.astype(np.float64))
    parts: dict[PartName, FloatArray] = {
        **common,
        "need": need,
        "chain": frozen.chain[stages[u], stages[v]].astype(np.float64),
        "text": np.minimum(common["text"] * (reach[u] * reach[v]), 1.0),
    }
    weight_of = prepared.weights.as_dict()
    benefit = np.zeros(len(u))
    for name in PART_NAMES:
        benefit += weight_of[name] * parts[name]
    return Directed(
        parts={name: np.round(parts[name], DECIMALS) for name in PART_NAMES},
        neutral={
            **neutral,
            "need": counts == 0,
            "chain": frozen.chain_unknown[stages[u], stages[v]],
        },
        benefit=benefit,
        answers=answers,
        answered=best >= NEED_ANSWERED,
    )


def best_answers(prepared: Prepared, u: IntArray, v: IntArray) -> Answers:
    """The best offer of v for each need of u, ties to the lower id."""
    needs, offers = prepared.rows.needs, prepared.rows.offers
    asked, offered = needs.counts[u], offers.counts[v]
    sizes = asked * offered
    pair = np.repeat(np.arange(len(u)), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    need = needs.bounds[u[pair]] + within // np.maximum(offered[pair], 1)
    offer = offers.bounds[v[pair]] + within % np.maximum(offered[pair], 1)
    similarity = similarities(prepared, need, offer)
    bounds = np.concatenate(([0], np.cumsum(np.where(offered > 0, asked, 0))))
    if not len(need):
        return Answers(bounds, need, offer, similarity)
    runs = np.repeat(offered[sizes > 0], asked[sizes > 0])
    firsts = np.cumsum(runs) - runs
    best = np.maximum.reduceat(similarity, firsts)
    # The first cell of each run that holds its best value.
    hits = np.flatnonzero(similarity == np.repeat(best, runs))
    at = hits[np.searchsorted(hits, firsts)]
    return Answers(bounds, need[at], offer[at], best)


def similarities(prepared: Prepared, need: IntArray, offer: IntArray) -> FloatArray:
    """How well offers answer needs, pair by pair, given their rows."""
    needs, offers = prepared.rows.needs, prepared.rows.offers
    text = scaled(best_dots(needs.texts, offers.texts, need, offer), COSINE_NOISE, COSINE_SAME)
    scale = prepared.frozen.vector_scale
    if scale is not None and needs.vectors is not None and offers.vectors is not None:
        close = np.zeros(len(need))
        for start in range(0, len(need), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            close[part] = scale.cosines(needs.vectors[need[part]], offers.vectors[offer[part]])
        text = np.maximum(text, scaled(close, scale.noise, scale.same))
    coverage = dots(needs.terms, offers.terms, need, offer) / np.maximum(needs.asked[need], 1)
    return np.asarray(np.round(answer(text, coverage), 9), dtype=np.float64)


def _evidence(prepared: Prepared, u: IntArray, v: IntArray) -> FloatArray:
    rows = prepared.rows
    found = EVENT_TRUST * dots(rows.events, rows.events, u, v) + dots(
        rows.partners, rows.partners, u, v
    )
    if len(u):
        found = found + np.asarray(prepared.network.joint[u, v], dtype=np.float64).ravel()
    return found * (prepared.trust_scale[u] * prepared.trust_scale[v])
