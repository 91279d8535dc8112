"""From pair scores to short, varied lists with reasons. The entry point of the engine."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

import numpy as np

from matching.engine.facts import collect_results
from matching.engine.pair import BLOCK_SIZE, PairScores, score_pairs
from matching.engine.parts import BoolArray
from matching.engine.profile import Confidentiality, Profile, Vocabulary, Weights
from matching.engine.results import PairResult
from matching.engine.text import FloatArray

SUGGESTIONS: Final = 8
FROM_ANOTHER_FIELD: Final = 2
MMR_LAMBDA: Final = 0.85
"""Most profiles name one field, so likeness is 0 or 1: less would mean one partner a field."""
POOL: Final = 60
"""Only the best candidates enter the choice; variety beyond them would cost too much fit."""


def suggest_partners(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    excluded: Iterable[tuple[int, int]] = (),
    only_for: Collection[int] | None = None,
    count: int = SUGGESTIONS,
    from_another_field: int = FROM_ANOTHER_FIELD,
    block_size: int = BLOCK_SIZE,
) -> dict[int, tuple[PairResult, ...]]:
    """For each profile its suggestions, best first.

    `audience` is the widest circle that will read the lists: statements above it are left out
    before anything is computed. `excluded` pairs (declined, parent and child) are never suggested,
    in either direction. `only_for` restricts whose lists are made, not who may be suggested.
    The same input gives the same lists, in whatever order it comes.
    """
    scores = score_pairs(
        profiles,
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        block_size=block_size,
    )
    eligible = _eligible(scores, excluded)
    fields = _field_table(scores)
    chosen: list[tuple[int, ...]] = []
    for row, profile in enumerate(scores.profiles):
        if only_for is not None and profile.id not in only_for:
            chosen.append(())
            continue
        listed_score = scores.score[row] * scores.exposure_factor
        columns = choose_varied(
            listed_score,
            eligible[row],
            fields,
            fields[row],
            count=count,
            from_another_field=from_another_field,
        )
        chosen.append(tuple(sorted(columns, key=lambda v: (-round(listed_score[v], 9), v))))
    results = collect_results(
        scores, chosen, weights=weights, vocabulary=vocabulary, block_size=block_size
    )
    return {
        profile_id: listed
        for profile_id, listed in results.items()
        if only_for is None or profile_id in only_for
    }


def choose_varied(
    listed_score: FloatArray,
    eligible: BoolArray,
    fields: BoolArray,
    own_fields: BoolArray,
    *,
    count: int,
    from_another_field: int,
) -> tuple[int, ...]:
    """Columns chosen by maximal marginal relevance, at least some from another field, as chosen.

    Each step takes the best of λ·score − (1−λ)·(closest likeness to one already chosen), the score
    scaled by the best one; likeness is the overlap of innovation fields (`fields`, one row a
    profile). Equal values go to the lower column, that is the lower id.
    """
    named = fields.any(axis=1) if own_fields.any() else np.zeros(len(fields), dtype=bool)
    other_field: BoolArray = np.logical_and(named, ~(fields & own_fields).any(axis=1))
    candidates = np.flatnonzero(eligible)
    order = candidates[np.argsort(-listed_score[candidates], kind="stable")]
    others = order[other_field[order]]
    pool = np.unique(np.concatenate((order[: max(POOL, count)], others[:from_another_field])))
    relevance = listed_score[pool]
    top = relevance.max(initial=0.0)
    if top > 0:
        relevance = relevance / top
    owed = min(from_another_field, count, len(others))
    taken = np.zeros(len(pool), dtype=bool)
    closest = np.zeros(len(pool))
    chosen: list[int] = []
    while len(chosen) < count and not taken.all():
        open_seats = count - len(chosen)
        allowed = ~taken & other_field[pool] if owed >= open_seats else ~taken
        value = np.round(MMR_LAMBDA * relevance - (1 - MMR_LAMBDA) * closest, 9)
        best = int(np.argmax(np.where(allowed, value, -np.inf)))
        taken[best] = True
        if other_field[pool[best]]:
            owed = max(owed - 1, 0)
        chosen.append(int(pool[best]))
        closest = np.maximum(closest, _likeness(fields[pool[best]], fields[pool]))
    return tuple(chosen)


def _eligible(scores: PairScores, excluded: Iterable[tuple[int, int]]) -> BoolArray:
    """Who may appear on whose list: agreed, not oneself, not excluded."""
    rows = {profile.id: row for row, profile in enumerate(scores.profiles)}
    agreed = np.array([p.agreed_to_be_suggested for p in scores.profiles], dtype=bool)
    eligible = np.repeat(agreed[None, :], len(agreed), axis=0)
    np.fill_diagonal(eligible, False)
    for u, v in excluded:
        if u in rows and v in rows:
            eligible[rows[u], rows[v]] = eligible[rows[v], rows[u]] = False
    return eligible


def _field_table(scores: PairScores) -> BoolArray:
    """Profiles by innovation fields."""
    fields = sorted({key for p in scores.profiles for key in p.fields})
    rows = [[key in p.fields for key in fields] for p in scores.profiles]
    return np.array(rows, dtype=bool).reshape(len(scores.profiles), len(fields))


def _likeness(one: BoolArray, many: BoolArray) -> FloatArray:
    """Shared fields divided by all fields of both; 0 where neither names one."""
    shared = (one & many).sum(axis=1).astype(float)
    union = (one | many).sum(axis=1)
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))
