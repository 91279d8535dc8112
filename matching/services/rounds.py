"""Rounds: all suggestions for all audiences, computed at once and shown at once."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from operator import attrgetter
from typing import Final

from django.db import transaction
from django.utils import timezone

from matching.choices import Audience, RoundState
from matching.engine import profile as engine
from matching.models import Round, Suggestion, Weights
from matching.profiles import World, read_world
from matching.services.rows import suggestion_row
from matching.services.turns import turn

KEPT_ROUNDS: Final = 3
BATCH: Final = 1000
ROWS_VERSION: Final = 1
"""Raise it when the same results are stored differently: rounds are then computed anew."""


def compute_round(*, wait: bool = False) -> Round:
    """Compute the suggestions of all clusters, unless nothing they rest on has changed.

    Returns the complete round that holds for the data as they are now. What was shown before is
    shown until the new round is complete. With ``wait`` a computation that runs elsewhere is
    waited for.

    :raises RoundBusyError: when another process computes and ``wait`` is false.
    :raises LookupError: when no weights are published.
    """
    with turn(wait=wait):
        # Whoever holds the turn is alone: a round still running was left by a dead process.
        Round.objects.running().update(state=RoundState.FAILED, failure="The process ended.")
        weights = Weights.objects.published().first()
        if weights is None:
            raise LookupError("No weights are published.")
        worlds = {audience: read_world(audience) for audience in Audience}
        today = timezone.localdate()
        digest = _digest(worlds, engine_weights(weights), today)
        shown: Round | None = Round.objects.complete().first()
        if shown is not None and shown.inputs_hash == digest:
            return shown
        started: Round = Round.objects.create(
            weights=weights,
            state=RoundState.RUNNING,
            inputs_hash=digest,
            clusters_count=len(worlds[Audience.CLUSTERS].profiles),
        )
        try:
            _fill(started, worlds, today)
        except Exception as error:
            started.state = RoundState.FAILED
            started.failure = f"{type(error).__name__}: {error}"
            started.save(update_fields=["state", "failure"])
            raise
        return started


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


def _digest(worlds: Mapping[Audience, World], weights: engine.Weights, today: date) -> str:
    """Return a digest of everything the rows of a round depend on."""
    content: list[object] = [ROWS_VERSION]
    content += [
        [
            engine.inputs_hash(
                world.profiles,
                weights,
                vocabulary=world.vocabulary,
                audience=audience.level,
                today=today,
            ),
            sorted(world.excluded),
            sorted(world.examples.needs | world.examples.offers),
            sorted(world.examples.voices),
            sorted(world.examples.visits),
            sorted(world.examples.joint.items()),
        ]
        for audience, world in worlds.items()
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _fill(started: Round, worlds: Mapping[Audience, World], today: date) -> None:
    """Compute and write all suggestions of a round, and show it instead of the one before."""
    rows = _rows(started, worlds, today)
    with transaction.atomic():
        while batch := list(islice(rows, BATCH)):
            Suggestion.objects.bulk_create(batch)
        started.state = RoundState.COMPLETE
        started.completed_at = timezone.now()
        started.save(update_fields=["state", "completed_at"])
        _purge()


def _rows(started: Round, worlds: Mapping[Audience, World], today: date) -> Iterator[Suggestion]:
    # Imported here because numpy takes a while, and only this computation needs it.
    from matching.engine.ranking import suggest_partners

    weights = engine_weights(started.weights)
    for audience, world in worlds.items():
        results = suggest_partners(
            world.profiles,
            weights=weights,
            vocabulary=world.vocabulary,
            audience=audience.level,
            today=today,
            excluded=world.excluded,
        )
        for listed in results.values():
            # What cannot be explained to a person is no suggestion.
            for result in filter(attrgetter("reasons"), listed):
                yield suggestion_row(started, audience, world, weights, result)


def _purge() -> None:
    """Delete all but the newest complete rounds, and failures older than these."""
    kept = list(Round.objects.complete().values_list("pk", flat=True)[:KEPT_ROUNDS])
    if len(kept) == KEPT_ROUNDS:
        Round.objects.filter(pk__lt=min(kept)).delete()
