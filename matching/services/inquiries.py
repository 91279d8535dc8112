"""What speaks for and against any pair: asked by staff, computed in the background."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from matching.choices import Audience, EffectState
from matching.engine.profile import Bilingual, Vocabulary
from matching.engine.reasons import explain
from matching.engine.results import Facts, NeedMatch
from matching.models import PairInquiry
from matching.profiles import takes_part
from matching.services.claims import claim_row, lost_rows
from matching.services.inputs import engine_weights, read_inputs
from matching.services.lists import Lists

if TYPE_CHECKING:
    from matching.engine.preparation import Prepared

logger = logging.getLogger(__name__)

KEPT: Final = timedelta(days=30)
LABELS: Final = {"label", "level_label_forward", "level_label_backward"}


@transaction.atomic
def ask_about_pair(
    *, user: User, cluster: Cluster, partner: Cluster, audience: Audience
) -> PairInquiry:
    """Ask anew what speaks for and against a pair; the answer before is forgotten.

    :raises DomainError: for a cluster with itself, and for one that takes no part.
    """
    if cluster.pk == partner.pk:
        raise DomainError(_("Please choose two different clusters."), field="other", code="same")
    for field, one in (("one", cluster), ("other", partner)):
        if not takes_part(one):
            raise DomainError(
                _("%(cluster)s takes no part: its profile is not public, or it is not at work.")
                % {"cluster": one},
                field=field,
                code="not_taking_part",
            )
    PairInquiry.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    inquiry, __ = PairInquiry.objects.update_or_create(
        cluster=cluster,
        partner=partner,
        audience=audience,
        defaults={
            "state": EffectState.WAITING,
            "answer": {},
            "failure": "",
            "asked_at": timezone.now(),
            "started_at": None,
            "completed_at": None,
        },
    )
    return inquiry


def inquiries_to_answer() -> list[int]:
    """Return inquiries whose task was lost with its broker or its worker."""
    return lost_rows(PairInquiry)


def answer_inquiry(*, inquiry_id: int) -> None:
    """Compute the answer; a second call finds nothing to do."""
    inquiry: PairInquiry | None = claim_row(PairInquiry, inquiry_id)
    if inquiry is None:
        return
    found: dict[str, Any]
    try:
        answer, digest = _answer(inquiry)
        found = {"state": EffectState.COMPLETE, "answer": answer, "inputs_hash": digest}
    except Exception as error:
        logger.exception("The inquiry %s could not be answered.", inquiry.pk)
        found = {"state": EffectState.FAILED, "failure": f"{type(error).__name__}: {error}"}
    # Whoever has asked anew meanwhile gets the answer to that.
    PairInquiry.objects.filter(pk=inquiry.pk, asked_at=inquiry.asked_at).update(
        **found, completed_at=timezone.now()
    )


def _answer(inquiry: PairInquiry) -> tuple[dict[str, Any], str]:
    # Imported here because numpy takes a while, and only this computation needs it.
    from matching.engine.ranking import explain_pair

    audience, inputs = Audience(inquiry.audience), read_inputs()
    counted = engine_weights(inputs.weights)
    world = inputs.worlds[audience]
    prepared = Lists.with_weights(inputs, audience, counted).prepared
    one, other = inquiry.cluster_id, inquiry.partner_id
    result = explain_pair(prepared, one, other)
    told: dict[str, Any] = dict(explain(result, counted))
    told["parts"] = [
        {name: value for name, value in part.items() if name not in LABELS}
        for part in told["parts"]
    ]
    answer = {
        "explanation": told,
        "reasons": [dict(sentence) for sentence in result.reasons],
        "counter_reasons": [dict(sentence) for sentence in result.counter_reasons],
        "facts": _facts(result.facts, world.vocabulary),
        "place_forward": _place(prepared, one, other),
        "place_backward": _place(prepared, other, one),
    }
    return answer, inputs.digests[audience]


def _place(prepared: "Prepared", owner: int, partner: int) -> dict[str, Any]:
    """Where the partner stands among all candidates of the owner before variety is asked for.

    ``place`` is None for somebody who is no candidate.
    """
    from matching.engine.ranking import place_of

    place, candidates = place_of(prepared, owner, partner)
    return {"place": place, "of": candidates}


def _facts(facts: Facts, vocabulary: Vocabulary) -> dict[str, Any]:
    """What the result rests on, with labels in both languages; ids where rows have names."""
    return {
        "needs_answered": [_match(match) for match in facts.needs_answered],
        "offers_wanted": [_match(match) for match in facts.offers_wanted],
        "stage_steps": [
            [vocabulary.term(mine), vocabulary.term(theirs)] for mine, theirs in facts.stage_steps
        ],
        "shared_cross_cutting": _labels(vocabulary.term, facts.shared_cross_cutting),
        "shared_topics": _labels(vocabulary.topic, facts.shared_topics),
        "shared_terms": _labels(vocabulary.term, facts.shared_terms),
        "shared_fields": _labels(vocabulary.field, facts.shared_fields),
        "shared_sectors": _labels(vocabulary.term, facts.shared_sectors),
        "other_fields": _labels(vocabulary.field, facts.other_fields),
        "joint_projects": facts.joint_projects,
        "common_partners": list(facts.common_partners),
        "common_events": list(facts.common_events),
    }


def _labels(label: Any, keys: tuple[str, ...]) -> list[Bilingual]:
    return [label(key) for key in keys]


def _match(match: NeedMatch) -> dict[str, Any]:
    return {
        "need": match.need_id,
        "offer": match.offer_id,
        "similarity": round(match.similarity, 3),
        "need_text": dict(match.need_text),
        "offer_text": dict(match.offer_text),
    }
