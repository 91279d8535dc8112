"""A German need finds its English offer first, also among offers close to it in both languages."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from django.db.models import Q
from numpy.typing import NDArray

from clusters.models import Need, Offer
from matching import services
from matching.choices import Audience
from matching.engine.pairs import similarities
from matching.engine.preparation import prepare
from matching.engine.profile import Bilingual, Profile, Statement, Vocabulary, Weights
from matching.engine.vectors import Vectors
from matching.questions.answers import answers_to
from matching.vectors import text_model
from matching.vectors.composing import NOISE, SAME, encode_texts
from tests.conftest import World
from tests.factories import make_cluster, make_need, make_offer
from tests.matching.bilingual_pairs import NEAR_MISSES, PAIRS, NearMiss, Pair
from tests.matching.bilingual_pairs_later import LATER_NEAR_MISSES, LATER_PAIRS

NINE_OF_TEN = 0.9
Set = tuple[Sequence[Pair], Sequence[NearMiss]]
Figures = NDArray[np.floating]
SETS: list[Set] = [(PAIRS, NEAR_MISSES), (LATER_PAIRS, LATER_NEAR_MISSES)]


def test_there_are_enough_pairs_with_near_misses() -> None:
    assert len(PAIRS) >= 60
    families = {pair.family for pair in PAIRS}
    assert {miss.family for miss in NEAR_MISSES} == families
    assert all(sum(pair.family == one for pair in PAIRS) == 4 for one in families)


def store_offers(pairs: Sequence[Pair], misses: Sequence[NearMiss]) -> None:
    """Store every offer twice, each in one language and under a cluster of its own."""
    for one in (*pairs, *misses):
        make_offer(make_cluster(), text_de="", text_en=one.offer)
        make_offer(make_cluster(), text_de=one.offer_de, text_en="")


def found_first(world: World, texts: Set, *, mixed: bool) -> int:
    """Ask for each need as its page does, and count those whose first answer is their offer.

    The pool: all English offers; or, ``mixed``, the English offer among the German offers of all
    others and near misses in both languages.
    """
    pairs, misses = texts
    store_offers(pairs, misses)
    needs = {make_need(world.alpha, text_de=pair.need, text_en="").pk: pair for pair in pairs}
    services.compute_vectors()
    english = Q(text_de="")
    near = Q(text_en__in=[miss.offer for miss in misses])
    right = 0
    for need in Need.objects.filter(pk__in=needs).select_related("cluster", "stage"):
        pair = needs[need.pk]
        pool = english
        if mixed:
            pool = Q(text_en=pair.offer) | near | (~english & ~Q(text_de=pair.offer_de))
        Offer.objects.filter(pool).update(status="published")
        Offer.objects.exclude(pool).update(status="archived")
        listed = answers_to(need, world.staff, Audience.STAFF).listed
        right += bool(listed) and listed[0].offer.text_en == pair.offer
    return right


@pytest.mark.parametrize("texts", SETS)
def test_a_german_need_finds_its_english_offer_first(world: World, texts: Set) -> None:
    assert found_first(world, texts, mixed=False) >= NINE_OF_TEN * len(texts[0])


@pytest.mark.parametrize("texts", SETS)
def test_a_german_need_finds_its_english_offer_first_among_german_ones(
    world: World, texts: Set
) -> None:
    assert found_first(world, texts, mixed=True) >= NINE_OF_TEN * len(texts[0])


def engine_similarities(texts: Set) -> tuple[Figures, Figures]:
    """How well each offer answers each need for the lists: letters, terms and vectors together.

    One row a need, one column an offer or near miss; first their English, then their German texts.
    """
    pairs, misses = texts
    everything = (*pairs, *misses)
    needs = [Statement(number, text_de=pair.need) for number, pair in enumerate(pairs)]
    offers = [
        *(Statement(number, text_en=one.offer) for number, one in enumerate(everything)),
        *(
            Statement(len(everything) + number, text_de=one.offer_de)
            for number, one in enumerate(everything)
        ),
    ]
    profiles = [
        *(Profile(id=number, needs=(need,)) for number, need in enumerate(needs)),
        *(Profile(id=1000 + number, offers=(offer,)) for number, offer in enumerate(offers)),
    ]
    prepared = prepare(
        profiles,
        weights=Weights(),
        vocabulary=Vocabulary(),
        audience="public",
        today=date(2026, 1, 1),
        vectors=Vectors(needs=vectors_of(needs), offers=vectors_of(offers), noise=NOISE, same=SAME),
    )
    rows = np.repeat(np.arange(len(needs)), len(offers))
    columns = np.tile(np.arange(len(offers)), len(needs))
    found = similarities(prepared, rows, columns).reshape(len(needs), len(offers))
    return found[:, : len(everything)], found[:, len(everything) :]


def vectors_of(statements: Sequence[Statement]) -> dict[int, Figures]:
    texts: list[Bilingual] = [{"de": one.text_de, "en": one.text_en} for one in statements]
    made = encode_texts(text_model(), texts)
    return {one.id: vector for one, vector in zip(statements, made, strict=True)}


@pytest.mark.parametrize("texts", SETS)
def test_the_lists_know_the_english_offer_of_a_german_need(texts: Set) -> None:
    number = len(texts[0])
    english, german = engine_similarities(texts)
    own = english.diagonal().copy()
    np.fill_diagonal(english, 0.0)
    np.fill_diagonal(german, 0.0)
    first = own > english.max(axis=1)
    mixed = own > np.maximum(german.max(axis=1), english[:, number:].max(axis=1))
    assert first.sum() >= NINE_OF_TEN * number
    assert mixed.sum() >= NINE_OF_TEN * number
