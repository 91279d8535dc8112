"""Amending the round that is shown, so that a change is visible without a new round.

Whoever changed gets new lists, and so does everybody on whose lists a changed cluster stood or
now stands. All other lists stay as they are until the next round.
"""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from matching.choices import Audience
from matching.models import Round, Suggestion
from matching.services.inputs import Inputs, audience_digest, read_inputs
from matching.services.lists import Listed, Lists
from matching.services.rounds import compute_whole_round
from matching.services.rows import save_rows, suggestion_rows
from matching.services.turns import turn

AMENDED_AT_MOST: Final = 20
"""With more changed clusters a whole round costs about as much, and is better for all others."""


@dataclass(frozen=True, slots=True)
class _Amendment:
    """New lists of an audience, instead of all that these clusters had."""

    audience: Audience
    clusters: set[int]
    listed: Listed


def refresh(*, wait: bool = False) -> Round:
    """Bring the suggestions up to date after a change: amend few lists, or compute a round.

    Returns the round that is then shown. Nothing happens where nothing has changed.

    :raises RoundBusyError: when another process computes and ``wait`` is false.
    :raises LookupError: when no weights are published.
    """
    with turn(wait=wait):
        inputs = read_inputs()
        shown: Round | None = Round.objects.complete().first()
        if shown is not None and shown.inputs_hash == inputs.digest:
            return shown
        changed = _changed(shown, inputs) if shown else None
        if shown is None or changed is None or shown.weights_id != inputs.weights.pk:
            return compute_whole_round(inputs)
        _save(shown, inputs, [_amend(shown, inputs, *each) for each in changed.items() if each[1]])
        return shown


def _changed(shown: Round, inputs: Inputs) -> dict[Audience, set[int]] | None:
    """Return changed clusters by audience; None when amending is not worth it, or not enough."""
    found: dict[Audience, set[int]] = {}
    for audience in Audience:
        changed = inputs.changed_since(shown, audience)
        if changed is None or len(changed) > AMENDED_AT_MOST:
            return None
        found[audience] = changed
    return found


def _amend(shown: Round, inputs: Inputs, audience: Audience, changed: set[int]) -> _Amendment:
    """Compute the lists that a change reaches."""
    before = audience_digest(
        shown.shared_hashes[audience],
        {int(pk): found for pk, found in shown.cluster_hashes[audience].items()},
    )
    lists, reached = Lists.after_change(inputs, audience, changed, before)
    stood_on = Suggestion.objects.filter(round=shown, audience=audience, partner__in=changed)
    reached |= changed | set(stood_on.values_list("cluster", flat=True))
    return _Amendment(audience, reached, lists.of(reached))


@transaction.atomic
def _save(shown: Round, inputs: Inputs, amendments: list[_Amendment]) -> None:
    """Replace the lists of all audiences at once, so that readers see them before or after."""
    locked: Round = Round.objects.select_for_update().get(pk=shown.pk)
    for amendment in amendments:
        of_them = Suggestion.objects.filter(
            round=locked, audience=amendment.audience, cluster__in=amendment.clusters
        )
        of_them.delete()
        save_rows(suggestion_rows(locked, amendment.audience, inputs, amendment.listed))
    inputs.keep_in(locked)
    locked.clusters_count = len(inputs.worlds[Audience.CLUSTERS].profiles)
    locked.amended_at = timezone.now()
    locked.save()
