"""From the best candidates of each profile to a short, varied list; many profiles at once."""

from typing import Final

import numpy as np

from matching.engine.tables import WordArray
from matching.engine.text import BoolArray, FloatArray, IntArray

SUGGESTIONS: Final = 8
FROM_ANOTHER_FIELD: Final = 2
RARELY_SEEN: Final = 1
MMR_LAMBDA: Final = 0.85
"""Most profiles name one field, so likeness is 0 or 1: less would mean one partner a field."""
SEATS_FOR_OTHERS: Final = 0.4
"""So large a share of each list is kept from those who fit everybody, where others are there."""
RARE_SEAT_WORTH: Final = 0.9
"""A rarely seen profile takes a seat only if it is worth so much of what it replaces."""


def choose_varied(
    listed: FloatArray,
    fields: WordArray,
    own_fields: WordArray,
    rare: BoolArray,
    wide: BoolArray | None = None,
    *,
    count: int,
    from_another_field: int,
    rarely_seen: int = RARELY_SEEN,
) -> IntArray:
    """Candidates chosen by maximal marginal relevance, -1 where there are no more.

    One row a list: `listed` holds the scores of its candidates ordered by id, NaN where there is
    none; `fields` their innovation fields as bits, `own_fields` those of the list's owner, `rare`
    marks who is seldom seen anywhere, `wide` who fits everybody. Each step takes the best of
    λ·score − (1−λ)·(closest likeness to one already chosen), the score scaled by the best one;
    likeness is the overlap of innovation fields. Equal values go to the lower id. At least
    `from_another_field` of the chosen share no field with the owner, where there are so many.
    `SEATS_FOR_OTHERS` of the seats go to those who are not wide, unless only wide ones are left.
    Then, if fewer than `rarely_seen` of the chosen are rare, rare candidates take the place of the
    weakest, if that costs at most a tenth of its score and breaks no other promise.
    """
    lists, candidates = listed.shape
    there = ~np.isnan(listed)
    named = np.asarray(own_fields.any(axis=1))[:, None] & fields.any(axis=2)
    other = there & named & ~(fields & own_fields[:, None, :]).any(axis=2)
    top = np.max(np.where(there, listed, 0.0), axis=1, initial=0.0)
    relevance = np.where(there, listed, 0.0) / np.where(top > 0, top, 1.0)[:, None]
    owed = np.minimum(np.minimum(from_another_field, count), other.sum(axis=1))
    chosen = np.full((lists, count), -1, dtype=np.int64)
    if not candidates:
        return chosen
    wide = np.zeros_like(rare) if wide is None else wide
    most_wide = count - int(SEATS_FOR_OTHERS * count)
    seated_wide = np.zeros(lists, dtype=np.int64)
    free, closest, every = there.copy(), np.zeros_like(relevance), np.arange(lists)
    for seat in range(count):
        must = (owed >= count - seat)[:, None]
        allowed = free & (other | ~must)
        fitting = allowed & ~(wide & (seated_wide >= most_wide)[:, None])
        allowed = np.where(fitting.any(axis=1)[:, None], fitting, allowed)
        value = np.round(MMR_LAMBDA * relevance - (1 - MMR_LAMBDA) * closest, 9)
        best = np.argmax(np.where(allowed, value, -np.inf), axis=1)
        found = allowed[every, best]
        chosen[found, seat] = best[found]
        free[every[found], best[found]] = False
        seated_wide += found & wide[every, best]
        owed -= found & other[every, best] & (owed > 0)
        likeness = _likeness(fields[every, best][:, None, :], fields)
        np.maximum(closest, np.where(found[:, None], likeness, 0.0), out=closest)
    for _ in range(min(rarely_seen, count)):
        _seat_rare(chosen, relevance, other, rare & there, from_another_field, rarely_seen)
    return chosen


def _seat_rare(
    chosen: IntArray,
    relevance: FloatArray,
    other: BoolArray,
    rare: BoolArray,
    from_another_field: int,
    rarely_seen: int,
) -> None:
    """Give one seat of each list that lacks them to the best rarely seen candidate."""
    every = np.arange(len(chosen))
    taken = np.zeros(rare.shape, dtype=bool)
    rows, seats = np.nonzero(chosen >= 0)
    taken[rows, chosen[rows, seats]] = True
    wanting = ((taken & rare).sum(axis=1) < rarely_seen) & (chosen >= 0).all(axis=1)
    waiting = np.where(rare & ~taken, relevance, -1.0)
    best = np.argmax(waiting, axis=1)
    wanting &= waiting[every, best] >= 0
    # Who stands for another field may go only if another one remains or comes.
    spare = (taken & other).sum(axis=1) - from_another_field
    may_go = taken & ~rare & (~other | (spare > 0)[:, None] | other[every, best][:, None])
    value = np.where(may_go, relevance, np.inf)
    # The weakest goes; of equals the one with the higher id.
    last = value.shape[1] - 1 - np.argmin(value[:, ::-1], axis=1)
    weakest = value[every, last]
    wanting &= np.isfinite(weakest) & (waiting[every, best] >= RARE_SEAT_WORTH * weakest)
    for row in np.flatnonzero(wanting):
        chosen[row, chosen[row] == last[row]] = best[row]


def _likeness(one: WordArray, many: WordArray) -> FloatArray:
    """Shared fields divided by all fields of both; 0 where neither names one."""
    shared = np.bitwise_count(one & many).sum(axis=-1).astype(np.float64)
    union = np.bitwise_count(one | many).sum(axis=-1)
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))
