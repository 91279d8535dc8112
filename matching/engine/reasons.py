"""Plain sentences and words, German and English, from fixed templates. No free generation."""

from typing import Final, Literal, TypedDict

from matching.engine.profile import (
    COMPETITION_FACTOR,
    PART_NAMES,
    Bilingual,
    PartName,
    Vocabulary,
    Weights,
)
from matching.engine.results import Facts, NeedMatch, PairResult

Level = Literal["high", "medium", "low", "neutral"]

HIGH_FROM: Final = 0.6
MEDIUM_FROM: Final = 0.3
QUOTE_LENGTH: Final = 90
NAMED_AT_MOST: Final = 3
QUOTED_AT_MOST: Final = 2
"""Needs answered, and offers wanted, that get a sentence each; these sentences come first."""
SIMILAR_HOME_FROM: Final = 3
"""From this many shared fields and sectors on the focus is called similar."""
ONE_SIDED_BELOW: Final = 0.5

LEVEL_LABELS: Final[dict[Level, Bilingual]] = {
    "high": {"de": "hoch", "en": "high"},
    "medium": {"de": "mittel", "en": "medium"},
    "low": {"de": "gering", "en": "low"},
    "neutral": {"de": "neutral (keine Angabe)", "en": "neutral (no data)"},
}

PART_LABELS: Final[dict[PartName, Bilingual]] = {
    "need": {"de": "Bedarf trifft Angebot", "en": "Need met by an offer"},
    "chain": {"de": "Wertschöpfungskette", "en": "Value chain"},
    "bridge": {"de": "Gemeinsame Querschnittsthemen", "en": "Common cross-cutting topics"},
    "cross_innovation": {"de": "Neues an den Rändern", "en": "New ground at the edges"},
    "text": {"de": "Ähnliche Profiltexte", "en": "Similar profile texts"},
    "trust": {"de": "Gemeinsame Erfahrung", "en": "Shared experience"},
}

_JOINT_PROJECTS: Final[tuple[Bilingual, Bilingual]] = (
    {"de": "gemeinsames Vorhaben", "en": "joint undertaking"},
    {"de": "gemeinsame Vorhaben", "en": "joint undertakings"},
)
_COMMON_PARTNERS: Final[tuple[Bilingual, Bilingual]] = (
    {"de": "gemeinsamer Partner", "en": "common partner"},
    {"de": "gemeinsame Partner", "en": "common partners"},
)
_COMMON_EVENTS: Final[tuple[Bilingual, Bilingual]] = (
    {"de": "Veranstaltung, an der beide teilnahmen", "en": "event attended by both"},
    {"de": "Veranstaltungen, an denen beide teilnahmen", "en": "events attended by both"},
)


class ExplainedPart(TypedDict):
    """One row of the table «how this suggestion came about»."""

    part: PartName
    label: Bilingual
    weight: float
    forward: float
    backward: float
    contribution_forward: float
    contribution_backward: float
    level_forward: Level
    level_backward: Level
    level_label_forward: Bilingual
    level_label_backward: Bilingual


class Explanation(TypedDict):
    """The whole way from the parts to the place on the list; JSON can hold it."""

    weights_version: int
    parts: list[ExplainedPart]
    benefit_forward: float
    benefit_backward: float
    harmonic_mean: float
    competition_factor: float
    score: float
    exposure_factor: float
    listed_score: float
    rank: int


def level(value: float) -> Level:
    """A part in words: high from .6, medium from .3, else low."""
    if value >= HIGH_FROM:
        return "high"
    return "medium" if value >= MEDIUM_FROM else "low"


def explain(result: PairResult, weights: Weights) -> Explanation:
    """How the result was computed, for a page or the API.

    Raises ValueError when `weights` are not the ones the result was computed with.
    """
    if weights.version != result.weights_version:
        raise ValueError(
            f"Result has weights version {result.weights_version}, not {weights.version}."
        )
    weight_of = weights.as_dict()
    total = result.benefit_forward + result.benefit_backward
    mean = 2 * result.benefit_forward * result.benefit_backward / total if total else 0.0
    return {
        "weights_version": result.weights_version,
        "parts": [_explain_part(result, name, weight_of[name]) for name in PART_NAMES],
        "benefit_forward": result.benefit_forward,
        "benefit_backward": result.benefit_backward,
        "harmonic_mean": round(mean, 6),
        "competition_factor": result.competition_factor,
        "score": result.score,
        "exposure_factor": result.exposure_factor,
        "listed_score": result.listed_score,
        "rank": result.rank,
    }


def reason_sentences(facts: Facts, vocabulary: Vocabulary) -> tuple[Bilingual, ...]:
    """Why this pair, strongest kind of reason first; empty where there is nothing to name."""
    sentences = [_need_sentence(match) for match in facts.needs_answered[:QUOTED_AT_MOST]]
    sentences += [_offer_sentence(match) for match in facts.offers_wanted[:QUOTED_AT_MOST]]
    if facts.stage_steps:
        mine, theirs = (vocabulary.term(key) for key in facts.stage_steps[0])
        sentences.append(
            {
                "de": f"Benachbarte Stufe der Wertschöpfungskette: {mine['de']} → {theirs['de']}.",
                "en": f"Neighbouring stage of the value chain: {mine['en']} → {theirs['en']}.",
            }
        )
    if facts.shared_cross_cutting:
        sentences.append(
            listing(
                "Gemeinsame Querschnittstechnologien",
                "Common cross-cutting technologies",
                [vocabulary.term(key) for key in facts.shared_cross_cutting],
            )
        )
    if facts.shared_topics:
        sentences.append(
            listing(
                "Beide verfolgen",
                "Both follow",
                [vocabulary.topic(key) for key in facts.shared_topics],
            )
        )
    if facts.shared_terms:
        sentences.append(
            listing(
                "Gemeinsame Schlagwörter",
                "Common keywords",
                [vocabulary.term(key) for key in facts.shared_terms],
            )
        )
    if facts.other_fields:
        sentences.append(
            listing(
                "Anderes Innovationsfeld, also Raum für Neues",
                "Another innovation field, so there is room for something new",
                [vocabulary.field(key) for key in facts.other_fields],
            )
        )
    return (*sentences, *_trust_sentences(facts))


def counter_sentences(facts: Facts) -> tuple[Bilingual, ...]:
    """What speaks against it, or what is not known."""
    sentences: list[Bilingual] = []
    if facts.damped:
        percent = round(100 * COMPETITION_FACTOR)
        sentences.append(
            {
                "de": "Gleiches Feld, gleiche Stufen und gleiche Branche: möglicherweise stehen "
                f"Sie im Wettbewerb. Der Vorschlag zählt deshalb nur zu {percent} %.",
                "en": "Same field, same stages and same sector: you may be competitors. "
                f"The suggestion therefore counts only {percent}%.",
            }
        )
    elif facts.competing:
        sentences.append(
            {
                "de": "Gleiches Feld, gleiche Stufen und gleiche Branche: möglicherweise stehen "
                "Sie im Wettbewerb.",
                "en": "Same field, same stages and same sector: you may be competitors.",
            }
        )
    elif len(facts.shared_fields) + len(facts.shared_sectors) >= SIMILAR_HOME_FROM:
        sentences.append(
            {
                "de": "Ähnlicher Schwerpunkt: mehrere Felder und Branchen stimmen überein.",
                "en": "Similar focus: several fields and sectors are the same.",
            }
        )
    if facts.joint_projects:
        sentences.append(
            {
                "de": "Sie arbeiten bereits zusammen oder haben es getan: ein Kennenlernen "
                "erübrigt sich vielleicht.",
                "en": "You already work together or have done so: an introduction may be needless.",
            }
        )
    if "need" in facts.neutral_forward:
        sentences.append(
            {
                "de": "Von Ihnen liegt für diese Liste noch kein Bedarf vor; "
                "dieser Teil zählt neutral.",
                "en": "No need of yours is available for this list so far; "
                "this part counts neutrally.",
            }
        )
    if "need" in facts.neutral_backward:
        sentences.append(
            {
                "de": "Die andere Seite hat noch keinen Bedarf genannt; dieser Teil zählt neutral.",
                "en": "The other side has named no need so far; this part counts neutrally.",
            }
        )
    return tuple(sentences)


def shorten(text: str, length: int = QUOTE_LENGTH) -> str:
    """The text on one line without its full stop, cut at a word and marked with … if longer."""
    line = " ".join(text.split()).removesuffix(".")
    if len(line) <= length:
        return line
    cut = line[:length]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–-") + " …"


def _explain_part(result: PairResult, name: PartName, weight: float) -> ExplainedPart:
    forward, backward = result.parts_forward[name], result.parts_backward[name]
    level_forward = "neutral" if name in result.facts.neutral_forward else level(forward)
    level_backward = "neutral" if name in result.facts.neutral_backward else level(backward)
    return {
        "part": name,
        "label": PART_LABELS[name],
        "weight": weight,
        "forward": forward,
        "backward": backward,
        "contribution_forward": round(weight * forward, 6),
        "contribution_backward": round(weight * backward, 6),
        "level_forward": level_forward,
        "level_backward": level_backward,
        "level_label_forward": LEVEL_LABELS[level_forward],
        "level_label_backward": LEVEL_LABELS[level_backward],
    }


def _need_sentence(match: NeedMatch) -> Bilingual:
    need, offer = match.need_text, match.offer_text
    return {
        "de": f"Ihr Bedarf „{shorten(need['de'])}“ trifft auf das Angebot "
        f"„{shorten(offer['de'])}“.",
        "en": f"Your need “{shorten(need['en'])}” meets the offer “{shorten(offer['en'])}”.",
    }


def _offer_sentence(match: NeedMatch) -> Bilingual:
    need, offer = match.need_text, match.offer_text
    return {
        "de": f"Ihr Angebot „{shorten(offer['de'])}“ trifft auf den Bedarf "
        f"„{shorten(need['de'])}“.",
        "en": f"Your offer “{shorten(offer['en'])}” meets the need “{shorten(need['en'])}”.",
    }


def _trust_sentences(facts: Facts) -> list[Bilingual]:
    counted = (
        (facts.joint_projects, _JOINT_PROJECTS),
        (len(facts.common_partners), _COMMON_PARTNERS),
        (len(facts.common_events), _COMMON_EVENTS),
    )
    return [
        {
            "de": f"{number} {(one if number == 1 else many)['de']}.",
            "en": f"{number} {(one if number == 1 else many)['en']}.",
        }
        for number, (one, many) in counted
        if number
    ]


def listing(german: str, english: str, labels: list[Bilingual]) -> Bilingual:
    """A sentence that names the first labels and counts the rest."""
    rest = len(labels) - NAMED_AT_MOST
    named = labels[:NAMED_AT_MOST]
    more_de = f" und {rest} weitere" if rest > 0 else ""
    more_en = f" and {rest} more" if rest > 0 else ""
    return {
        "de": f"{german}: {', '.join(label['de'] for label in named)}{more_de}.",
        "en": f"{english}: {', '.join(label['en'] for label in named)}{more_en}.",
    }
