"""The lists of one audience: made ready once, then read cluster by cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from matching.choices import Audience, ListKind
from matching.engine.profile import Profile, Weights
from matching.engine.results import PairResult
from matching.services.inputs import Inputs, engine_weights
from matching.vectors import read_vectors

if TYPE_CHECKING:
    from matching.engine.preparation import Prepared

Listed = dict[int, list[tuple[ListKind, PairResult]]]
"""Suggestions by cluster: the list each stands on, and the result, in their order."""

_kept: Final[dict[Audience, tuple[str, Prepared]]] = {}
"""What this process made ready last, with the digest of its inputs: the next change starts there.
Each worker process has its own; without it lists come out right as well, only later."""


class Lists:
    """What the engine says about an audience's world. The mathematics is loaded when one is made,
    because numpy takes a while, and only computations need it."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    @classmethod
    def of_all(cls, inputs: Inputs, audience: Audience) -> Lists:
        """Score everybody."""
        prepared = _prepare(inputs, audience, inputs.worlds[audience].profiles)
        return cls(_keep(inputs, audience, prepared))

    @classmethod
    def with_weights(cls, inputs: Inputs, audience: Audience, weights: Weights) -> Lists:
        """Score everybody with whatever weights; this is for trying out, so nothing is kept."""
        return cls(_prepare(inputs, audience, inputs.worlds[audience].profiles, weights))

    @property
    def prepared(self) -> Prepared:
        """The world made ready, for questions about single pairs."""
        return self._prepared

    @classmethod
    def after_change(
        cls, inputs: Inputs, audience: Audience, changed: Collection[int], digest_before: str
    ) -> tuple[Lists, set[int]]:
        """Score only those who changed against everybody; also return on whose lists they stand.

        Starts from what this process computed for ``digest_before``, or else from everybody who
        did not change.
        """
        from matching.engine.changes import score_one

        world = inputs.worlds[audience]
        digest, prepared = _kept.get(audience, ("", None))
        if prepared is None or digest != digest_before or prepared.excluded != world.excluded:
            rest = [profile for profile in world.profiles if profile.id not in changed]
            prepared = _prepare(inputs, audience, rest)
        elif set(changed) - {profile.id for profile in world.profiles}:
            # Somebody left, which cannot be scored.
            prepared = _prepare(inputs, audience, world.profiles)
        reached: set[int] = set()
        for profile in filter(lambda one: one.id in changed, world.profiles):
            vectors = read_vectors(world, audience, only={profile.id})
            scored = [
                score_one(prepared, profile, kind=kind.key, vectors=vectors) for kind in ListKind
            ]
            reached.update(change.profile for one in scored for change in one.others)
            prepared = scored[0].prepared
        return cls(_keep(inputs, audience, prepared)), reached

    def of(self, clusters: Collection[int]) -> Listed:
        """Return the suggestions of some clusters; what cannot be explained is no suggestion."""
        from matching.engine.ranking import compute_lists

        wanted = set(clusters)
        found: Listed = {cluster: [] for cluster in sorted(wanted)}
        for kind in ListKind:
            lists = compute_lists(self._prepared, kind=kind.key, only_for=wanted)
            for cluster, listed in lists.items():
                found[cluster] += [(kind, one) for one in filter(attrgetter("reasons"), listed)]
        return found


def parts(clusters: Iterable[int], size: int) -> Iterator[list[int]]:
    """Cut clusters, in order of their ids, into parts of at most ``size``."""
    order = sorted(clusters)
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _prepare(
    inputs: Inputs,
    audience: Audience,
    profiles: Collection[Profile],
    weights: Weights | None = None,
) -> Prepared:
    from matching.engine.preparation import prepare

    world = inputs.worlds[audience]
    return prepare(
        profiles,
        weights=weights or engine_weights(inputs.weights),
        vocabulary=world.vocabulary,
        audience=audience.level,
        today=inputs.today,
        excluded=world.excluded,
        vectors=read_vectors(world, audience),
    )


def _keep(inputs: Inputs, audience: Audience, prepared: Prepared) -> Prepared:
    _kept[audience] = inputs.digests[audience], prepared
    return prepared
