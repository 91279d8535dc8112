"""One changed profile against all others, without a new round."""

from collections.abc import Mapping
from dataclasses import dataclass

from matching.engine.preparation import Prepared, prepare
from matching.engine.profile import Profile
from matching.engine.ranking import compute_lists
from matching.engine.results import ListChange, ListKind, PairResult
from matching.engine.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a changed profile means for the lists."""

    prepared: Prepared
    """The world with the changed profile in it, for the next change."""
    own: tuple[PairResult, ...]
    """The profile's own list."""
    others: tuple[ListChange, ...]
    """The lists of others that it enters, leaves, or is on (before or now), by id."""


def score_one(
    prepared: Prepared,
    changed: Profile,
    *,
    kind: ListKind = "all",
    vectors: Vectors | None = None,
) -> Rescored:
    """Rescore one changed (or new) profile against all, with everything else frozen.

    Frozen are the rarity of n-grams and terms, the exposure of every profile and the text scale of
    the others: with these a full round over the changed world gives the same lists. `vectors` holds
    the new vectors of the changed profile; those of the others are known.
    """
    world = {p.id: p for p in prepared.scores.profiles}
    before = compute_lists(prepared, kind=kind)
    after = prepare(
        {**world, changed.id: changed}.values(),
        weights=prepared.weights,
        vocabulary=prepared.vocabulary,
        audience=prepared.audience,
        today=prepared.today,
        excluded=prepared.excluded,
        vectors=vectors or prepared.vectors,
        block_size=prepared.block_size,
    )
    now = compute_lists(after, kind=kind)
    others = []
    for profile, results in now.items():
        ranks = _rank(before, profile, changed.id), _rank(now, profile, changed.id)
        if profile != changed.id and any(ranks):
            others.append(ListChange(profile, *ranks, results))
    return Rescored(after, now[changed.id], tuple(others))


def _rank(lists: Mapping[int, tuple[PairResult, ...]], profile: int, partner: int) -> int:
    return next((r.rank for r in lists.get(profile, ()) if r.v == partner), 0)
