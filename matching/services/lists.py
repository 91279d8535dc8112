"""The lists of one audience: made ready once, then read cluster by cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from matching.choices import Audience, ListKind
from matching.engine.profile import Profile, Weights
from matching.engine.results import PairResult
from matching.profiles import World
from matching.services.inputs import Inputs, engine_weights
from matching.vectors import read_vectors

if TYPE_CHECKING:
    from matching.engine.preparation import Prepared

Listed = dict[int, list[tuple[ListKind, PairResult]]]
"""Suggestions by cluster: the list each stands on, and the result, in their order."""

EXACT_UP_TO: Final = 2000
"""Clusters that are scored anew as a whole after each change, which takes a few seconds: their
amended lists are those of a whole round."""

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
        """Score after a change; also return on whose lists somebody who changed stands now.

        A world of usual size is scored as in a whole round. In a large one only those who changed
        are scored against everybody, if this process knows what was computed for ``digest_before``.
        """
        world = inputs.worlds[audience]
        digest, kept = _kept.get(audience, ("", None))
        is_known = kept is not None and digest == digest_before and kept.excluded == world.excluded
        has_left = set(changed) - {profile.id for profile in world.profiles}
        if kept is None or not is_known or has_left or len(world.profiles) <= EXACT_UP_TO:
            lists = cls.of_all(inputs, audience)
            return lists, lists._naming(changed)
        prepared, reached = _rescore(kept, world, audience, changed)
        return cls(_keep(inputs, audience, prepared)), reached

    def _naming(self, partners: Collection[int]) -> set[int]:
        """Return the clusters on whose lists one of ``partners`` stands."""
        import numpy as np

        from matching.engine.ranking import choose_lists

        prepared = self._prepared
        rows = [prepared.row_of[one] for one in partners if one in prepared.row_of]
        found: set[int] = set()
        for kind in ListKind if rows else ():
            lists = choose_lists(prepared, kind=kind.key)
            named = np.isin(lists.columns, rows).any(axis=1)
            found.update(int(prepared.rows.ids[row]) for row in lists.rows[named])
        return found

    def of(self, clusters: Collection[int]) -> Listed:
        """Return the suggestions of some clusters; what cannot be explained is no suggestion."""
        import numpy as np

        from matching.engine.ranking import choose_lists, results_of, some_lists

        prepared = self._prepared
        known = sorted(set(clusters) & prepared.row_of.keys())
        rows = np.array([prepared.row_of[cluster] for cluster in known], dtype=np.int64)
        found: Listed = {cluster: [] for cluster in known}
        for kind in ListKind if known else ():
            # All lists are chosen at once and kept; figures and sentences are made for these only.
            chosen = some_lists(choose_lists(prepared, kind=kind.key), rows)
            for cluster, listed in results_of(prepared, chosen).items():
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


def _rescore(
    prepared: Prepared, world: World, audience: Audience, changed: Collection[int]
) -> tuple[Prepared, set[int]]:
    """Score those who changed against all; return the new world, and whose lists moved."""
    from matching.engine.changes import score_one

    reached: set[int] = set()
    for profile in filter(lambda one: one.id in changed, world.profiles):
        vectors = read_vectors(world, audience, only={profile.id})
        scored = [score_one(prepared, profile, kind=kind.key, vectors=vectors) for kind in ListKind]
        reached.update(change.profile for one in scored for change in one.others)
        prepared = scored[0].prepared
        # One world, of which each call knows one kind of lists: the next change needs both.
        for one in scored[1:]:
            prepared.kept.update(one.prepared.kept)
    return prepared, reached


def _keep(inputs: Inputs, audience: Audience, prepared: Prepared) -> Prepared:
    _kept[audience] = inputs.digests[audience], prepared
    return prepared
