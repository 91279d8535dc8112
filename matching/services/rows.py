"""Results of the engine as rows."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from matching.choices import Audience
from matching.engine.profile import Profile, Weights
from matching.engine.reasons import QUOTED_AT_MOST, explain, reason_sentences
from matching.engine.results import Facts, PairResult
from matching.models import Round, Suggestion
from matching.profiles import Examples, World
from matching.services.inputs import Inputs, engine_weights
from matching.services.lists import Listed

BATCH: Final = 1000
LABELS: Final = {"label", "level_label_forward", "level_label_backward"}


def suggestion_rows(
    round_: Round, audience: Audience, inputs: Inputs, listed: Listed
) -> Iterable[Suggestion]:
    """Return the rows of some lists, not saved yet."""
    world = inputs.worlds[audience]
    weights = engine_weights(inputs.weights)
    profiles = {profile.id: profile for profile in world.profiles}
    for entries in listed.values():
        for kind, result in entries:
            row = _row(world, weights, result)
            row.round, row.audience, row.kind = round_, audience, kind
            row.rests_on = _rests_on(profiles[result.u], profiles[result.v], result)
            row.inputs_hash = inputs.digests[audience]
            yield row


def save_rows(rows: Iterable[Suggestion]) -> None:
    """Write rows, in batches."""
    Suggestion.objects.bulk_create(rows, batch_size=BATCH)


def _row(world: World, weights: Weights, result: PairResult) -> Suggestion:
    """Return a suggestion with everything its card will tell."""
    explanation: dict[str, Any] = dict(explain(result, weights))
    explanation["parts"] = [
        {name: value for name, value in part.items() if name not in LABELS}
        for part in explanation["parts"]
    ]
    return Suggestion(
        cluster_id=result.u,
        partner_id=result.v,
        rank=result.rank,
        score=result.score,
        parts=explanation,
        reasons=_reasons(result, world),
        counter_reasons=[dict(sentence) for sentence in result.counter_reasons],
        weights_version=result.weights_version,
    )


def _rests_on(one: Profile, other: Profile, result: PairResult) -> dict[str, list[Any]]:
    """Return every entry whose level could have changed the figures, not only those quoted."""
    return {
        "needs": sorted(need.id for need in (*one.needs, *other.needs)),
        "offers": sorted(offer.id for offer in (*one.offers, *other.offers)),
        "topics": list(result.facts.shared_topics),
    }


def _reasons(result: PairResult, world: World) -> list[dict[str, Any]]:
    """Return the sentences, marked where they quote an entry or rest on examples.

    A sentence rests on an example when it would not stand there, or not like this, without it.
    """
    facts = result.facts
    genuine = reason_sentences(
        _without_examples(facts, result.u, result.v, world.examples), world.vocabulary
    )
    quoted = (*facts.needs_answered[:QUOTED_AT_MOST], *facts.offers_wanted[:QUOTED_AT_MOST])
    reasons: list[dict[str, Any]] = []
    for number, sentence in enumerate(result.reasons):
        reason: dict[str, Any] = dict(sentence)
        if sentence not in genuine:
            reason["example"] = True
        if number < len(quoted):
            reason["need"], reason["offer"] = quoted[number].need_id, quoted[number].offer_id
        reasons.append(reason)
    return reasons


def _without_examples(facts: Facts, u: int, v: int, examples: Examples) -> Facts:
    def genuine(need_id: int, offer_id: int) -> bool:
        return need_id not in examples.needs and offer_id not in examples.offers

    return replace(
        facts,
        needs_answered=tuple(m for m in facts.needs_answered if genuine(m.need_id, m.offer_id)),
        offers_wanted=tuple(m for m in facts.offers_wanted if genuine(m.need_id, m.offer_id)),
        shared_topics=tuple(
            topic for topic in facts.shared_topics if not {(u, topic), (v, topic)} & examples.voices
        ),
        common_events=tuple(
            event for event in facts.common_events if not {(u, event), (v, event)} & examples.visits
        ),
        joint_projects=facts.joint_projects - examples.joint.get(_pair(u, v), 0),
        common_partners=tuple(
            partner
            for partner in facts.common_partners
            if not {_pair(u, partner), _pair(v, partner)} & examples.joint.keys()
        ),
    )


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
