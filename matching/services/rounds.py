"""Rounds: all suggestions for all audiences, computed part by part and shown at once."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matching.choices import Audience, RoundState
from matching.models import Round, RoundShard
from matching.services.inputs import Inputs, read_inputs
from matching.services.lists import Listed, Lists, parts
from matching.services.rows import save_rows, suggestion_rows
from matching.services.turns import turn

KEPT_ROUNDS: Final = 3


def compute_round(*, wait: bool = False) -> Round:
    """Compute the suggestions of all clusters, unless nothing they rest on has changed.

    Returns the complete round that holds for the data as they are now. What was shown before is
    shown until the new round is complete. A round that a dead process left is taken up where it
    was left, if the data are still the same. With ``wait`` a computation that runs elsewhere is
    waited for.

    :raises RoundBusyError: when another process computes and ``wait`` is false.
    :raises LookupError: when no weights are published.
    """
    with turn(wait=wait):
        return compute_whole_round(read_inputs())


def compute_whole_round(inputs: Inputs) -> Round:
    """Compute a round; whoever calls holds the turn."""
    shown: Round | None = Round.objects.complete().first()
    if shown is not None and shown.inputs_hash == inputs.digest and shown.amended_at is None:
        _give_up_all_but(None)
        return shown
    round_ = _begin(inputs)
    try:
        _fill(round_, inputs)
    except Exception as error:
        round_.state = RoundState.FAILED
        round_.failure = f"{type(error).__name__}: {error}"
        round_.save(update_fields=["state", "failure"])
        raise
    return round_


def left_unfinished() -> bool:
    """Tell whether a round was begun and is not complete, whether somebody works on it or not."""
    return bool(Round.objects.running().exists())


def _begin(inputs: Inputs) -> Round:
    """Return the round to work on: one left by a dead process, or a new one with all its parts."""
    # Whoever holds the turn is alone: nobody works on a round that is still running.
    left = Round.objects.running().filter(inputs_hash=inputs.digest, weights=inputs.weights)
    round_: Round | None = left.order_by("-id").first()
    _give_up_all_but(round_)
    return round_ or _new_round(inputs)


def _give_up_all_but(kept: Round | None) -> None:
    given_up = Round.objects.running().exclude(pk=kept.pk if kept else None)
    given_up.update(
        state=RoundState.FAILED, failure="The process ended, and the data have changed since."
    )


@transaction.atomic
def _new_round(inputs: Inputs) -> Round:
    clusters = {profile.id for profile in inputs.worlds[Audience.CLUSTERS].profiles}
    round_ = Round(weights=inputs.weights, state=RoundState.RUNNING, clusters_count=len(clusters))
    inputs.keep_in(round_)
    round_.save()
    RoundShard.objects.bulk_create(
        [
            RoundShard(
                round=round_, audience=audience, first_cluster=part[0], last_cluster=part[-1]
            )
            for audience, world in inputs.worlds.items()
            for part in parts([profile.id for profile in world.profiles], settings.ROUND_SHARD)
        ]
    )
    return round_


def _fill(round_: Round, inputs: Inputs) -> None:
    """Compute the parts that are left, and show the round instead of the one before."""
    for audience, world in inputs.worlds.items():
        left = list(round_.shards.left().filter(audience=audience).order_by("first_cluster"))
        if not left:
            continue
        lists = Lists.of_all(inputs, audience)
        for shard in left:
            members = [
                profile.id
                for profile in world.profiles
                if shard.first_cluster <= profile.id <= shard.last_cluster
            ]
            _write(shard, inputs, lists.of(members))
    _show(round_)


@transaction.atomic
def _write(shard: RoundShard, inputs: Inputs, listed: Listed) -> None:
    """Write a part whole, or not at all."""
    save_rows(suggestion_rows(shard.round, Audience(shard.audience), inputs, listed))
    shard.done_at = timezone.now()
    shard.save(update_fields=["done_at"])


@transaction.atomic
def _show(round_: Round) -> None:
    round_.state = RoundState.COMPLETE
    round_.completed_at = timezone.now()
    round_.save(update_fields=["state", "completed_at"])
    _purge()


def _purge() -> None:
    """Delete all but the newest complete rounds, and failures older than these."""
    kept = list(Round.objects.complete().values_list("pk", flat=True)[:KEPT_ROUNDS])
    if len(kept) == KEPT_ROUNDS:
        Round.objects.filter(pk__lt=min(kept)).delete()
