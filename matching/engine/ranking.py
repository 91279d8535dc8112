"""From pair scores to short, varied lists with reasons. The entry point of the engine."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from matching.engine.facts import collect_results
from matching.engine.pair import BLOCK_SIZE, PairScores
from matching.engine.parts import BoolArray
from matching.engine.preparation import Prepared, prepare
from matching.engine.profile import Confidentiality, Profile, Vocabulary, Weights
from matching.engine.results import ListKind, PairResult
from matching.engine.text import FloatArray
from matching.engine.vectors import Vectors

SUGGESTIONS: Final = 8
FROM_ANOTHER_FIELD: Final = 2
MMR_LAMBDA: Final = 0.85
"""Most profiles name one field, so likeness is 0 or 1: less would mean one partner a field."""
KNOWN_FROM_EVENTS: Final = 3
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
    kind: ListKind = "all",
    vectors: Vectors | None = None,
    count: int = SUGGESTIONS,
    from_another_field: int = FROM_ANOTHER_FIELD,
    block_size: int = BLOCK_SIZE,
) -> dict[int, tuple[PairResult, ...]]:
    """For each profile its suggestions, best first: `prepare` and `compute_lists` in one call.

    `audience` is the widest circle that will read the lists: statements above it are left out
    before anything is computed. `excluded` pairs (declined, parent and child) are never suggested,
    in either direction. `only_for` restricts whose lists are made, not who may be suggested.
    The same input gives the same lists, in whatever order it comes.
    """
    prepared = prepare(
        profiles,
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        excluded=excluded,
        vectors=vectors,
        block_size=block_size,
    )
    return compute_lists(
        prepared,
        only_for=only_for,
        kind=kind,
        count=count,
        from_another_field=from_another_field,
    )


def compute_lists(
    prepared: Prepared,
    *,
    kind: ListKind = "all",
    only_for: Collection[int] | None = None,
    count: int = SUGGESTIONS,
    from_another_field: int = FROM_ANOTHER_FIELD,
) -> dict[int, tuple[PairResult, ...]]:
    """For each profile its suggestions of one kind, best first.

    `only_for` restricts whose lists are made, so that a round may be computed in parts: the lists
    are the same as those of the whole. Unknown ids in it are ignored.
    """
    scores = prepared.scores
    eligible = _eligible(scores, prepared.excluded)
    known = _known(scores)
    if kind == "new":
        eligible &= ~known
    elif kind == "deepen":
        eligible &= known
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
    results = _collect(prepared, chosen)
    return {
        profile_id: listed
        for profile_id, listed in results.items()
        if only_for is None or profile_id in only_for
    }


def explain_pairs(prepared: Prepared, pairs: Iterable[tuple[int, int]]) -> tuple[PairResult, ...]:
    """Everything for and against each pair (u, v), seen from u, in the order asked; rank 0.

    Also for pairs that are on no list: running joint projects, excluded, withdrawn. Raises KeyError
    for an id that is not in the world, ValueError for a profile with itself.
    """
    rows = {profile.id: row for row, profile in enumerate(prepared.scores.profiles)}
    asked = list(pairs)
    wanted: dict[int, list[int]] = {}
    for u, v in asked:
        if u == v:
            raise ValueError("A profile is no partner of itself.")
        wanted.setdefault(rows[u], []).append(rows[v])
    chosen = [tuple(sorted(set(wanted.get(row, ())))) for row in range(len(rows))]
    found = {
        (result.u, result.v): replace(result, rank=0)
        for listed in _collect(prepared, chosen).values()
        for result in listed
    }
    return tuple(found[pair] for pair in asked)


def explain_pair(prepared: Prepared, u: int, v: int) -> PairResult:
    """Everything for and against the pair, seen from u. Errors as in `explain_pairs`."""
    return explain_pairs(prepared, [(u, v)])[0]


def _collect(
    prepared: Prepared, chosen: list[tuple[int, ...]]
) -> dict[int, tuple[PairResult, ...]]:
    return collect_results(
        prepared.scores,
        chosen,
        weights=prepared.weights,
        vocabulary=prepared.vocabulary,
        block_size=prepared.block_size,
    )


def _known(scores: PairScores) -> BoolArray:
    """Who knows whom: a joint project, or three events attended by both."""
    rows = {profile.id: row for row, profile in enumerate(scores.profiles)}
    known = np.zeros((len(rows), len(rows)), dtype=bool)
    for u, profile in enumerate(scores.profiles):
        for v, other in enumerate(scores.profiles):
            known[u, v] = (
                scores.parts.joint_projects(u, v) > 0
                or len(profile.events_attended & other.events_attended) >= KNOWN_FROM_EVENTS
            )
    return known


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
