"""Which entry would improve the suggestions of a profile most; without numpy."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from matching.engine.profile import Bilingual, Confidentiality, PartName, Profile, Weights

HintCode = Literal[
    "consent",
    "needs",
    "needs_expired",
    "offers",
    "offers_expired",
    "stages",
    "bridge",
    "fields",
    "text",
    "translation",
]

HINT_TEXTS: Final[dict[HintCode, Bilingual]] = {
    "consent": {
        "de": "Stimmen Sie zu, anderen vorgeschlagen zu werden. Bisher erscheint Ihr Cluster "
        "auf keiner Liste.",
        "en": "Agree to be suggested to others. So far your cluster is on no list.",
    },
    "needs": {
        "de": "Nennen Sie einen Bedarf. Er hat das größte Gewicht bei der Suche nach Partnern.",
        "en": "State a need. It carries the greatest weight in finding partners.",
    },
    "needs_expired": {
        "de": "Alle Ihre Bedarfe sind abgelaufen. Verlängern Sie, was noch gilt.",
        "en": "All your needs have expired. Extend those that still hold.",
    },
    "offers": {
        "de": "Nennen Sie ein Angebot. Nur so kann der Bedarf anderer auf Sie treffen.",
        "en": "State an offer. Only then can the needs of others lead to you.",
    },
    "offers_expired": {
        "de": "Alle Ihre Angebote sind abgelaufen. Verlängern Sie, was noch gilt.",
        "en": "All your offers have expired. Extend those that still hold.",
    },
    "stages": {
        "de": "Wählen Sie Ihre Stufen der Wertschöpfungskette. Dann finden wir Nachbarstufen.",
        "en": "Choose your stages of the value chain. Then we find neighbouring stages.",
    },
    "bridge": {
        "de": "Wählen Sie Querschnittstechnologien oder folgen Sie Themen. Sie verbinden Felder.",
        "en": "Choose cross-cutting technologies or follow topics. They connect fields.",
    },
    "fields": {
        "de": "Wählen Sie Innovationsfelder und Branchen. Dann finden wir Partner am Rand "
        "Ihres Feldes.",
        "en": "Choose innovation fields and sectors. Then we find partners at the edge of "
        "your field.",
    },
    "text": {
        "de": "Beschreiben Sie Ihren Cluster in einigen Sätzen.",
        "en": "Describe your cluster in a few sentences.",
    },
    "translation": {
        "de": "Ergänzen Sie den Profiltext in der zweiten Sprache.",
        "en": "Add the profile text in the second language.",
    },
}


@dataclass(frozen=True, slots=True)
class Hint:
    """One missing entry. `gain` is the weight of the part it would fill, an upper bound."""

    code: HintCode
    part: PartName | None
    gain: float
    text: Bilingual


def improvement_hints(
    profile: Profile, weights: Weights, *, audience: Confidentiality, today: date
) -> tuple[Hint, ...]:
    """Missing entries of the profile, the one worth most first.

    Meant for the profile's own people: pass the profile with all its statements. Only what
    `audience` may see helps the lists, so a staff-only need does not silence the hint.
    """
    seen = profile.seen_by(audience, today)
    found: list[Hint] = []

    def add(code: HintCode, part: PartName | None, gain: float) -> None:
        found.append(Hint(code, part, gain, HINT_TEXTS[code]))

    if not profile.agreed_to_be_suggested:
        add("consent", None, 1.0)
    if not seen.needs:
        expired = any(_expired(s.valid_until, today) for s in profile.needs)
        add("needs_expired" if expired else "needs", "need", weights.need)
    if not seen.offers:
        expired = any(_expired(s.valid_until, today) for s in profile.offers)
        add("offers_expired" if expired else "offers", "need", weights.need)
    if not profile.stages:
        add("stages", "chain", weights.chain)
    if not profile.cross_cutting_terms and not profile.followed_topics:
        add("bridge", "bridge", weights.bridge)
    if not profile.fields or not profile.sectors:
        add("fields", "cross_innovation", weights.cross_innovation)
    if not profile.text_de and not profile.text_en:
        add("text", "text", weights.text)
    elif not profile.text_de or not profile.text_en:
        add("translation", "text", weights.text / 2)
    return tuple(sorted(found, key=lambda hint: -hint.gain))


def _expired(valid_until: date | None, today: date) -> bool:
    return valid_until is not None and valid_until < today
