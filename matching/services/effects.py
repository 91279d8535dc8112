"""What a draft of weights would do to the lists, before it is published."""

import logging
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from matching.choices import Audience, EffectState, ListKind
from matching.engine.metrics import Spread, compare_lists, measure_spread
from matching.engine.profile import Weights as EngineWeights
from matching.models import WeightsDraft, WeightsEffect
from matching.services import lists as listing
from matching.services.claims import claim_row, lost_rows
from matching.services.inputs import Inputs, engine_weights, read_inputs
from matching.services.weights import check_values

logger = logging.getLogger(__name__)

STEPS: Final = 4
"""Reading, today's lists, the lists with the draft, comparing."""
MOST_CHANGED: Final = 100

Lists = dict[int, list[int]]


@transaction.atomic
def ask_effect(*, user: User, draft: WeightsDraft) -> WeightsEffect:
    """Ask for what the draft would do; an answer that is under way for these weights is kept.

    :raises DomainError: when the weights do not sum to 1.
    """
    locked: WeightsDraft = WeightsDraft.objects.select_for_update().get(pk=draft.pk)
    values = locked.values_by_part()
    check_values(values)
    coming = locked.effects.filter(values=values, state=EffectState.WAITING).first()
    if coming is not None:
        return coming
    locked.effects.all().delete()
    effect: WeightsEffect = locked.effects.create(values=values)
    return effect


def effects_to_compute() -> list[int]:
    """Return effects whose task was lost with its broker or its worker."""
    return lost_rows(WeightsEffect)


def compute_effect(*, effect_id: int) -> None:
    """Compute an effect that was asked for; a second call finds nothing to do."""
    effect: WeightsEffect | None = claim_row(WeightsEffect, effect_id, steps_done=0)
    if effect is None:
        return
    try:
        _compute(effect)
    except Exception as error:
        logger.exception("The effect of draft %s could not be computed.", effect.draft_id)
        _store(effect, state=EffectState.FAILED, failure=f"{type(error).__name__}: {error}")


def _store(effect: WeightsEffect, **fields: Any) -> None:
    """Write fields; nothing happens when the draft has been changed or discarded meanwhile."""
    WeightsEffect.objects.filter(pk=effect.pk).update(**fields)


def _compute(effect: WeightsEffect) -> None:
    inputs = read_inputs()
    drafted = EngineWeights(**effect.values, version=inputs.weights.version + 1)
    _store(effect, steps_done=1)
    before = _new_partners(inputs, engine_weights(inputs.weights))
    _store(effect, steps_done=2)
    after = _new_partners(inputs, drafted)
    _store(effect, steps_done=3)
    owners = sorted(before.keys() | after.keys())
    _store(
        effect,
        steps_done=STEPS,
        state=EffectState.COMPLETE,
        completed_at=timezone.now(),
        summary=_summary(inputs, before, after),
        lists={
            str(owner): {"before": before.get(owner, []), "after": after.get(owner, [])}
            for owner in owners
        },
        inputs_hash=inputs.digests[Audience.CLUSTERS],
    )


def _new_partners(inputs: Inputs, weights: EngineWeights) -> Lists:
    """Return the new partners on each list as a round would store them, best first."""
    world = inputs.worlds[Audience.CLUSTERS]
    found = listing.Lists.with_weights(inputs, Audience.CLUSTERS, weights).of(
        [profile.id for profile in world.profiles]
    )
    return {
        owner: [result.v for kind, result in listed if kind == ListKind.NEW]
        for owner, listed in found.items()
    }


def _summary(inputs: Inputs, before: Lists, after: Lists) -> dict[str, Any]:
    changes = {
        owner: compare_lists(before.get(owner, ()), after.get(owner, ()))
        for owner in before.keys() | after.keys()
    }
    changed = [owner for owner, change in changes.items() if change]
    changed.sort(key=lambda owner: (-changes[owner].size, owner))
    return {
        "current_version": inputs.weights.version,
        "clusters": len(changes),
        "changed": len(changed),
        "most_changed": changed[:MOST_CHANGED],
        "entered": sum(len(change.entered) for change in changes.values()),
        "left": sum(len(change.left) for change in changes.values()),
        "moved": sum(len(change.moved) for change in changes.values()),
        "before": _figures(inputs, before),
        "after": _figures(inputs, after),
    }


def _figures(inputs: Inputs, lists: Lists) -> dict[str, float]:
    world = inputs.worlds[Audience.CLUSTERS]
    candidates = [p.id for p in world.profiles if p.agreed_to_be_suggested]
    spread: Spread = measure_spread(lists, candidates, {p.id: p.fields for p in world.profiles})
    return {
        "never": spread.never,
        "candidates": spread.candidates,
        "coverage": round(spread.coverage, 4),
        "gini": round(spread.gini, 4),
        "from_another_field": round(spread.from_another_field, 4),
    }


def sample_clusters(effect: WeightsEffect, chosen: list[int], *, most_changed: bool) -> list[int]:
    """Return whose lists to show: those chosen, those that change most, or a fixed spread.

    The spread takes every n-th cluster in the order of names, so that it is always the same.
    """
    owners = {int(owner) for owner in effect.lists}
    if chosen:
        return [owner for owner in chosen if owner in owners][:SAMPLE_AT_MOST]
    if most_changed:
        return [owner for owner in effect.summary["most_changed"] if owner in owners][:SAMPLE]
    names = Cluster.objects.filter(pk__in=owners).by_name()
    ordered = list(names.values_list("pk", flat=True))
    step = max(len(ordered) / SAMPLE, 1)
    return [ordered[int(n * step)] for n in range(min(SAMPLE, len(ordered)))]


SAMPLE: Final = 6
SAMPLE_AT_MOST: Final = 24


def failure_in_words(failure: str) -> str:
    """Return why a computation failed, for people who do not program."""
    if not failure:
        return ""
    kind, __, rest = failure.partition(":")
    known = {
        "LookupError": _("No weights are published."),
        "MemoryError": _("The server ran out of memory. Please tell whoever runs it."),
        "OperationalError": _("The database did not answer. Please try again in a few minutes."),
        "InterfaceError": _("The database did not answer. Please try again in a few minutes."),
    }
    if failure.startswith("The process ended"):
        return _(
            "The computation was interrupted, for instance by a restart of the server. It starts"
            " anew by itself at night, or now if you press the button."
        )
    if kind in known:
        return known[kind]
    if kind == "ValueError" and "Stages missing" in rest:
        return _(
            "A profile names a stage of the value chain that the vocabulary does not order. Please"
            " check the terms in the administration."
        )
    return _("Something unexpected happened. Whoever runs the server finds this in its log.")
