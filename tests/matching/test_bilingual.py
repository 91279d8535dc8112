"""A German need finds its English offer first, also among offers close to it in both languages."""

from collections.abc import Sequence

import pytest
from django.db.models import Q

from clusters.models import Need, Offer
from matching import services
from matching.answers import answers_to
from matching.choices import Audience
from tests.conftest import World
from tests.factories import make_cluster, make_need, make_offer
from tests.matching.bilingual_pairs import NEAR_MISSES, PAIRS, NearMiss, Pair
from tests.matching.bilingual_pairs_later import LATER_NEAR_MISSES, LATER_PAIRS

NINE_OF_TEN = 0.9
Set = tuple[Sequence[Pair], Sequence[NearMiss]]
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
