"""The answer about a pair as a page shows it: words, figures, contributions, and what it rests on.

One template draws it for staff and for managers: ``matching/partials/_pair.html`` with ``pair``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clusters.models import Cluster
from events.models import Event
from matching.models import PairInquiry
from matching.suggesting.cards import Part, in_language, part_of


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of data the result rests on, in words."""

    label: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class PairPage:
    """Everything for and against a pair, seen from ``cluster``."""

    cluster: Cluster
    partner: Cluster
    parts: Sequence[Part]
    explanation: Mapping[str, Any]
    reasons: Sequence[str]
    concerns: Sequence[str]
    facts: Sequence[Fact]
    place_forward: Mapping[str, Any]
    place_backward: Mapping[str, Any]
    inputs_hash: str

    @property
    def is_competition_damped(self) -> bool:
        return bool(self.explanation["competition_factor"] < 1)


def pair_page(inquiry: PairInquiry) -> PairPage:
    """Return a complete inquiry in the reader's language, in two queries at most."""
    answer = inquiry.answer
    return PairPage(
        cluster=inquiry.cluster,
        partner=inquiry.partner,
        parts=[part_of(part) for part in answer["explanation"]["parts"]],
        explanation=answer["explanation"],
        reasons=[in_language(sentence) for sentence in answer["reasons"]],
        concerns=[in_language(sentence) for sentence in answer["counter_reasons"]],
        facts=_facts(answer["facts"]),
        place_forward=answer["place_forward"],
        place_backward=answer["place_backward"],
        inputs_hash=inquiry.inputs_hash,
    )


def _facts(facts: Mapping[str, Any]) -> list[Fact]:
    partners = Cluster.objects.filter(pk__in=facts["common_partners"]).by_name()
    events = Event.objects.filter(pk__in=facts["common_events"]).order_by("starts_at")
    named: list[tuple[str, list[str]]] = [
        (_("Needs and the offers that answer them"), _matches(facts["needs_answered"])),
        (
            _("Offers and the needs they answer"),
            _matches(facts["offers_wanted"], first="offer", then="need"),
        ),
        (
            _("Neighbouring stages of the value chain"),
            [f"{in_language(mine)} → {in_language(other)}" for mine, other in facts["stage_steps"]],
        ),
        (_("Common cross-cutting technologies"), _words(facts["shared_cross_cutting"])),
        (_("Topics both stand for"), _words(facts["shared_topics"])),
        (_("Common keywords"), _words(facts["shared_terms"])),
        (_("Common innovation fields"), _words(facts["shared_fields"])),
        (_("Common sectors"), _words(facts["shared_sectors"])),
        (_("Fields only the partner works in"), _words(facts["other_fields"])),
        (
            _("Joint undertakings"),
            [str(facts["joint_projects"])] if facts["joint_projects"] else [],
        ),
        (
            _("Common partners"),
            list(partners.values_list("name", flat=True)) if facts["common_partners"] else [],
        ),
        (
            _("Events attended by both"),
            [event.title for event in events] if facts["common_events"] else [],
        ),
    ]
    return [Fact(label, values) for label, values in named if values]


def _matches(
    matches: Sequence[Mapping[str, Any]], first: str = "need", then: str = "offer"
) -> list[str]:
    return [
        _("“%(one)s” – “%(other)s”")
        % {"one": in_language(match[f"{first}_text"]), "other": in_language(match[f"{then}_text"])}
        for match in matches
    ]


def _words(labels: Sequence[Mapping[str, str]]) -> list[str]:
    return [in_language(label) for label in labels]
