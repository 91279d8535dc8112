"""Which entry would improve the suggestions of a cluster most, and where to make it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from accounts.people import Person
from clusters.access import can_edit
from clusters.choices import ChangeTarget
from clusters.models import Cluster
from matching.access import audience_of
from matching.engine.hints import HintCode, improvement_hints
from matching.engine.profile import Weights
from matching.profiles import read_own_profile
from matching.suggesting.cards import in_language

SHOWN_AT_MOST = 3
# Where in the profile form the entry is made.
_PLACES: dict[HintCode, str] = {
    "consent": "id_may_be_suggested",
    "stages": "terms_stage",
    "bridge": "terms_technology",
    "fields": "innovation_fields",
    "text": "id_profile_de",
    "translation": "id_profile_en",
}
_KINDS: dict[HintCode, ChangeTarget] = {"needs": ChangeTarget.NEED, "offers": ChangeTarget.OFFER}


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence, and the address of the form where it can be followed (empty: not by you)."""

    text: str
    url: str


def advice_for(user: Person, cluster: Cluster, weights: Weights) -> list[Advice]:
    """Return what is missing in the profile, the most useful entry first."""
    profile = read_own_profile(cluster)
    if profile is None:
        return []
    hints = improvement_hints(
        profile, weights, audience=audience_of(user).level, today=timezone.localdate()
    )
    may_edit = bool(hints) and can_edit(user, cluster)
    return [
        Advice(in_language(hint.text), _place(hint.code, cluster) if may_edit else "")
        for hint in hints[:SHOWN_AT_MOST]
    ]


def _place(code: HintCode, cluster: Cluster) -> str:
    if code in _PLACES:
        return f"{reverse('clusters:cluster-edit', args=[cluster.slug])}#{_PLACES[code]}"
    if code in _KINDS:
        return reverse("clusters:statement-create", args=[cluster.slug, _KINDS[code]])
    return reverse("clusters:statement-list", args=[cluster.slug])
