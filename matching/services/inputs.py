"""What a computation starts from, and digests that tell what of it has changed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone

from matching.choices import Audience
from matching.engine import profile as engine
from matching.models import Round, Weights
from matching.profiles import World, read_world
from matching.vectors import model_label, vector_marks

ROWS_VERSION: Final = 2
"""Raise it when the same results are stored differently: rounds are then computed anew."""
SHORT: Final = 16
"""Hexadecimal digits of a cluster's digest: 64 bits tell two states of one cluster apart."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything lists are computed from, as it is now, with its digests.

    ``shared`` covers what all lists of an audience rest on, ``clusters`` what each cluster has
    entered, ``digests`` both together. An audience's digests never depend on what it may not read.
    """

    weights: Weights
    worlds: Mapping[Audience, World]
    today: date
    shared: Mapping[Audience, str]
    clusters: Mapping[Audience, Mapping[int, str]]
    digests: Mapping[Audience, str]

    @property
    def digest(self) -> str:
        """One digest for all audiences."""
        return _hash([self.digests[audience] for audience in Audience])

    def changed_since(self, shown: Round, audience: Audience) -> set[int] | None:
        """Return clusters that came, went or changed since a round; None: what all share did."""
        if shown.shared_hashes.get(audience) != self.shared[audience]:
            return None
        before = {int(pk): found for pk, found in shown.cluster_hashes[audience].items()}
        now = self.clusters[audience]
        return {pk for pk in before.keys() | now.keys() if before.get(pk) != now.get(pk)}

    def keep_in(self, round_: Round) -> None:
        """Write the digests into a round, without saving it."""
        round_.inputs_hash = self.digest
        round_.shared_hashes = dict(self.shared)
        round_.cluster_hashes = {audience: dict(found) for audience, found in self.clusters.items()}


def read_inputs() -> Inputs:
    """Read what lists are computed from.

    :raises LookupError: when no weights are published.
    """
    weights = Weights.objects.published().first()
    if weights is None:
        raise LookupError("No weights are published.")
    today = timezone.localdate()
    worlds = {audience: read_world(audience) for audience in Audience}
    shared = {
        audience: _hash(
            [
                ROWS_VERSION,
                engine.ENGINE_VERSION,
                audience,
                engine_weights(weights),
                model_label(),
                world.vocabulary,
            ]
        )
        for audience, world in worlds.items()
    }
    clusters = {
        audience: _cluster_digests(world, audience, today) for audience, world in worlds.items()
    }
    digests = {
        audience: audience_digest(shared[audience], clusters[audience]) for audience in Audience
    }
    return Inputs(weights, worlds, today, shared, clusters, digests)


def audience_digest(shared: str, clusters: Mapping[int, str]) -> str:
    """Return the digest of all inputs of an audience."""
    return _hash([shared, sorted(clusters.items())])


def engine_weights(weights: Weights) -> engine.Weights:
    """Return a published version as the engine reads it."""
    return engine.Weights(
        need=weights.need,
        chain=weights.chain,
        bridge=weights.bridge,
        cross_innovation=weights.cross_innovation,
        text=weights.text,
        trust=weights.trust,
        version=weights.version,
    )


def _cluster_digests(world: World, audience: Audience, today: date) -> dict[int, str]:
    """Digest of each cluster: its profile, its excluded pairs, and what of it is an example."""
    marks: dict[int, list[object]] = defaultdict(list)
    for one, other in world.excluded:
        marks[one].append(["excluded", other])
        marks[other].append(["excluded", one])
    for cluster, topic in world.examples.voices:
        marks[cluster].append(["voice", topic])
    for cluster, event in world.examples.visits:
        marks[cluster].append(["visit", event])
    for (one, other), number in world.examples.joint.items():
        marks[one].append(["joint", other, number])
        marks[other].append(["joint", one, number])
    for cluster, vectors in vector_marks(audience).items():
        marks[cluster].append(["vectors", vectors])
    made_up = world.examples
    found = {}
    for profile in world.profiles:
        seen = profile.seen_by(audience.level, today)
        examples = [
            [need.id for need in seen.needs if need.id in made_up.needs],
            [offer.id for offer in seen.offers if offer.id in made_up.offers],
        ]
        content = [seen, examples, sorted(marks[profile.id], key=str)]
        found[profile.id] = _hash(content)[:SHORT]
    return found


def _hash(content: object) -> str:
    canonical = json.dumps(_plain(content), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> object:
    """Return the value as JSON can hold it, sets and mappings in a fixed order."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset | set):
        return sorted(_plain(item) for item in value)  # type: ignore[type-var]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return sorted([_plain(key), _plain(item)] for key, item in value.items())
    return value.isoformat() if isinstance(value, date) else value
