"""Which offers answer a need, from whom and why: computed when the page is opened.

Nothing is kept: each reader's answer rests on what they may read at that moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.people import Person
from clusters.models import Cluster, Need, Offer, Term
from matching.choices import Audience, Rule, TextKind
from matching.engine.profile import Bilingual
from matching.engine.reasons import LEVEL_LABELS, MEDIUM_FROM, level
from matching.models import Suggestion
from matching.questions.likeness import (
    close_to,
    share_of,
    terms_shared,
    together,
    vectors_of,
    written_alike,
)
from matching.suggesting import candidates
from matching.suggesting.cards import Reason, in_language
from matching.vectors import model_label
from matching.vectors.words import content_words

SHOWN: Final = 20
LISTED: Final = 0.2
"""From this fit on an offer is listed: whoever asks rather reads one too many, called low."""
RUNS_OUT_SOON: Final = timedelta(days=60)
WORDS_NAMED: Final = 4
STILL_SHOWN: Final = frozenset({Rule.PARTNERS})
"""Rules that keep a pair off the lists, yet not an offer away from a need."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An offer, what speaks for it and what is to be considered."""

    offer: Offer
    word: str
    """How well it fits, in the reader's language."""
    level: str
    reasons: list[Reason]
    concerns: list[str]
    is_suggested: bool
    """Whether its cluster stands on the list of the one that asks."""


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers to a need, best first, and what the comparison could not use."""

    listed: list[Answer]
    has_model: bool
    waits_for_vector: bool


def answers_to(need: Need, user: Person, audience: Audience) -> Answers:
    """Return the offers that answer a need, as far as ``user`` may read them.

    The number of queries does not depend on how many there are.
    """
    own = need.cluster
    terms = list(need.terms.all())
    vectors = vectors_of(TextKind.NEED, [need.pk])
    text = Bilingual(de=need.text_de or "", en=need.text_en or "")  # type: ignore[attr-defined]
    left_out = kept_apart(own)
    found = (
        Offer.objects.visible_to(user)
        .current()
        .filter(cluster__in=Cluster.objects.suggestible())
        .exclude(cluster=own)
        .exclude(cluster__in=left_out)
        .annotate(
            closeness=close_to(vectors),
            letters=written_alike(text) if not vectors else close_to([]),
            shared=terms_shared(Offer, [term.pk for term in terms]),
        )
        .annotate(
            fit=together(F("closeness"), F("letters"), share_of("shared", len(terms))),
        )
        .filter(fit__gte=LISTED)
        .order_by("-fit", "pk")
        .select_related("cluster", "stage")
        .prefetch_related("terms")
        .defer("search_vector", "search_text", "cluster__search_vector", "cluster__search_text")
    )
    # Any: rows with the figures annotated above.
    offers: list[Any] = list(found[:SHOWN])
    partners = _existing_partners(own, {offer.cluster_id for offer in offers})
    suggested = set(
        Suggestion.objects.current()
        .filter(cluster=own, audience=audience, partner__in={o.cluster_id for o in offers})
        .values_list("partner_id", flat=True)
    )
    stages = _stage_order()
    return Answers(
        listed=[
            Answer(
                offer=offer,
                word=in_language(LEVEL_LABELS[level(offer.fit)]),
                level=level(offer.fit),
                reasons=_reasons(need, offer, terms, stages),
                concerns=_concerns(need, offer, partners),
                is_suggested=offer.cluster_id in suggested,
            )
            for offer in offers
        ],
        has_model=bool(model_label()),
        waits_for_vector=bool(model_label()) and not vectors,
    )


def kept_apart(cluster: Cluster) -> set[int]:
    """Return the clusters that rules keep apart from this one; which rule is nobody's business."""
    return {
        other
        for rule, pairs in candidates.excluded_pairs().items()
        if rule not in STILL_SHOWN
        for pair in pairs
        if cluster.pk in pair
        for other in pair
        if other != cluster.pk
    }


def _reasons(
    need: Need, offer: Any, terms: Sequence[Term], stages: Mapping[int, int]
) -> list[Reason]:
    made_up = need.is_example or offer.is_example
    sentences = []
    if offer.closeness >= MEDIUM_FROM:
        word = in_language(LEVEL_LABELS[level(offer.closeness)])
        sentences.append(
            _("The text of the offer says what the need asks for (closeness: %(word)s).")
            % {"word": word}
        )
    if same := same_words(need, offer):
        sentences.append(_("Both texts say: %(words)s.") % {"words": ", ".join(same)})
    offered = {term.pk for term in offer.terms.all()}
    if shared := [term.label for term in terms if term.pk in offered]:
        sentences.append(_("Common keywords: %(terms)s.") % {"terms": ", ".join(shared)})
    if need.stage and offer.stage:
        apart = abs(stages.get(need.stage_id or 0, 0) - stages.get(offer.stage_id or 0, 0))
        if apart == 0:
            sentences.append(_("Same stage of the value chain: %(stage)s.") % {"stage": need.stage})
        elif apart == 1:
            sentences.append(
                _("Neighbouring stages of the value chain: %(mine)s and %(theirs)s.")
                % {"mine": need.stage, "theirs": offer.stage}
            )
    return [Reason(sentence, is_example=made_up) for sentence in sentences]


def same_words(one: Need | Offer, other: Need | Offer) -> list[str]:
    """Return words of matter both texts use in one language."""
    for language in ("de", "en"):
        mine, theirs = (getattr(each, f"text_{language}") or "" for each in (one, other))
        known = {word.casefold() for word in content_words(theirs)}
        if same := [word for word in content_words(mine) if word.casefold() in known]:
            return same[:WORDS_NAMED]
    return []


def _concerns(need: Need, offer: Any, partners: set[int]) -> list[str]:
    found = []
    if not offer.shared and offer.closeness and not same_words(need, offer):
        found.append(
            _("No keyword in common: it rests on the comparison of texts only, please read it.")
        )
    if offer.valid_until and offer.valid_until - timezone.localdate() <= RUNS_OUT_SOON:
        day = date_format(offer.valid_until, "SHORT_DATE_FORMAT")
        found.append(_("The offer is valid until %(day)s only.") % {"day": day})
    if offer.cluster_id in partners:
        found.append(_("You work together already: an introduction is not needed."))
    return found


def _existing_partners(cluster: Cluster, among: set[int]) -> set[int]:
    if not among:
        return set()
    projects = cluster.projects.filter(candidates.running())
    together_with = Cluster.objects.filter(pk__in=among, projects__in=projects)
    return set(together_with.values_list("pk", flat=True))


def _stage_order() -> dict[int, int]:
    stages = Term.objects.filter(kind="stage").order_by("position", "code")
    return {pk: place for place, pk in enumerate(stages.values_list("pk", flat=True))}
