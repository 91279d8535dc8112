"""What a suggestion says on a page: sentences and words in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from clusters.models import Cluster, Need, Offer
from matching.choices import Audience, ListKind
from matching.engine.profile import Bilingual
from matching.engine.reasons import LEVEL_LABELS, PART_LABELS, shorten
from matching.models import Suggestion
from matching.querysets import LEVELS, SuggestionQuerySet
from matching.suggesting.disclosure import without_raised


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence that speaks for the pair; ``is_example``: it rests on made-up entries."""

    text: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score in both directions: figures in [0,1], and words for them."""

    label: str
    weight: float
    forward: float
    backward: float
    level_forward: str
    level_backward: str
    word_forward: str
    word_backward: str
    contribution_forward: float
    contribution_backward: float


@dataclass(frozen=True, slots=True)
class Card:
    """One suggestion as its reader sees it."""

    suggestion: Suggestion
    partner: Cluster
    kind: ListKind
    reasons: list[Reason]
    concerns: list[str]
    parts: list[Part]
    explanation: Mapping[str, Any]
    """Benefits, harmonic mean, factors and score, as ``Suggestion.parts`` keeps them."""

    @property
    def is_competition_damped(self) -> bool:
        return bool(self.explanation["competition_factor"] < 1)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A suggestion with those of its reasons that still hold; perhaps none."""

    suggestion: Suggestion
    reasons: list[dict[str, Any]]


def build_cards(suggestions: SuggestionQuerySet, audience: Audience) -> list[Card]:
    """Return cards in their order, in a number of queries that does not depend on how many.

    A sentence that quotes an entry which has been changed or withdrawn since the round is left
    out, and with its last sentence the card. Where an entry that went into the figures has been
    made more confidential, the whole card is left out until its lists are computed anew.
    """
    found = disclose(suggestions.with_card_data(), audience)
    return [_card(one.suggestion, one.reasons) for one in found if one.reasons]


def disclose(suggestions: Iterable[Suggestion], audience: Audience) -> list[Disclosed]:
    """Return what may be told now of suggestions that were read ``with_card_data()``."""
    rows = without_raised(suggestions, audience)
    quotes = _current_quotes(rows, audience)
    return [
        Disclosed(row, [reason for reason in row.reasons if _still_holds(reason, quotes)])
        for row in rows
    ]


def in_language(text: Mapping[str, str] | Bilingual) -> str:
    """Return the text in the reader's language."""
    english = (get_language() or "de").startswith("en")
    return text["en"] if english else text["de"]


Quotes = Mapping[tuple[str, int], str]


def _current_quotes(rows: Iterable[Suggestion], audience: Audience) -> Quotes:
    """German texts, as sentences quote them, of entries that are still there for the audience."""
    quotes: dict[tuple[str, int], str] = {}
    for name, model in (("need", Need), ("offer", Offer)):
        ids = {reason[name] for row in rows for reason in row.reasons if name in reason}
        entries = model.objects.current().filter(pk__in=ids, confidentiality__in=LEVELS[audience])
        for pk, de, en in entries.values_list("pk", "text_de", "text_en"):
            quotes[name, pk] = shorten(de or en or "")
    return quotes


def _still_holds(reason: Mapping[str, Any], quotes: Quotes) -> bool:
    return all(
        (quote := quotes.get((name, reason[name]))) is not None and quote in reason["de"]
        for name in ("need", "offer")
        if name in reason
    )


def _card(row: Suggestion, reasons: Iterable[Mapping[str, Any]]) -> Card:
    return Card(
        suggestion=row,
        partner=row.partner,
        kind=ListKind(row.kind),
        reasons=[
            Reason(in_language(reason), is_example=bool(reason.get("example")))
            for reason in reasons
        ],
        concerns=[in_language(sentence) for sentence in row.counter_reasons],
        parts=[part_of(part) for part in row.parts["parts"]],
        explanation=row.parts,
    )


def part_of(part: Mapping[str, Any]) -> Part:
    """Return a stored part in the reader's language."""
    return Part(
        label=in_language(PART_LABELS[part["part"]]),
        weight=part["weight"],
        forward=part["forward"],
        backward=part["backward"],
        level_forward=part["level_forward"],
        level_backward=part["level_backward"],
        word_forward=in_language(LEVEL_LABELS[part["level_forward"]]),
        word_backward=in_language(LEVEL_LABELS[part["level_backward"]]),
        contribution_forward=part["contribution_forward"],
        contribution_backward=part["contribution_backward"],
    )
