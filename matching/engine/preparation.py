"""A world made ready once: whatever lists, explanations and questions rest on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from matching.engine.pair import BLOCK_SIZE, PairScores, score_pairs
from matching.engine.profile import Confidentiality, Profile, Vocabulary, Weights
from matching.engine.vectors import Vectors


@dataclass(frozen=True, slots=True)
class Prepared:
    """All profiles as `audience` may know them on `today`, ready to be asked. May be pickled."""

    weights: Weights
    vocabulary: Vocabulary
    audience: Confidentiality
    today: date
    excluded: frozenset[tuple[int, int]]
    vectors: Vectors | None
    block_size: int
    scores: PairScores

    @property
    def ids(self) -> tuple[int, ...]:
        """Ids of all profiles, rising."""
        return tuple(profile.id for profile in self.scores.profiles)


def prepare(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    excluded: Iterable[tuple[int, int]] = (),
    vectors: Vectors | None = None,
    block_size: int = BLOCK_SIZE,
) -> Prepared:
    """Make a world ready from what `audience` may know on `today`.

    `excluded` pairs (declined, parent and child, running joint project) are never suggested, in
    either direction. Vectors of entries above `audience` are ignored, as the entries are.
    Raises ValueError for a doubled profile id or a stage that the vocabulary does not order.
    """
    scores = score_pairs(
        profiles,
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        block_size=block_size,
    )
    return Prepared(
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        excluded=frozenset(excluded),
        vectors=vectors,
        block_size=block_size,
        scores=scores,
    )
