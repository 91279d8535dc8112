"""What the page of a cluster's suggested partners shows to its reader."""

from typing import Any, Final

from accounts.people import Person
from clusters.access import can_edit
from clusters.models import Cluster
from matching.access import audience_of, current_suggestions
from matching.choices import Audience, ListKind
from matching.models import Round, Weights
from matching.profiles import takes_part
from matching.services import engine_weights
from matching.suggesting.advice import advice_for
from matching.suggesting.candidates import existing_partners
from matching.suggesting.cards import Card, build_cards
from matching.suggesting.left_out import left_out

PARTNERS_AT_MOST: Final = 12


def build_list_page(user: Person, cluster: Cluster) -> dict[str, Any]:
    """Return the context of the page: two lists, existing partners, who is left out, advice.

    :raises Http404: for somebody who may not see the list.
    """
    audience = audience_of(user)
    shown = Round.objects.complete().without_hashes().select_related("weights").first()
    weights = shown.weights if shown else Weights.current()
    cards = build_cards(current_suggestions(user, cluster), audience)
    partners = existing_partners(cluster)
    is_for_staff = audience == Audience.STAFF
    return {
        "cluster": cluster,
        "cards": cards,
        "new_cards": [card for card in cards if card.kind == ListKind.NEW],
        "deepen_cards": [card for card in cards if card.kind == ListKind.DEEPEN],
        "partners": partners[:PARTNERS_AT_MOST],
        "more_partners": max(len(partners) - PARTNERS_AT_MOST, 0),
        "left_out": left_out(user, cluster),
        "round": shown,
        "computed_at": _computed_at(cards, shown),
        "takes_part": takes_part(cluster),
        "advice": advice_for(user, cluster, engine_weights(weights)),
        "is_for_staff": is_for_staff,
        "may_manage": can_edit(user, cluster),
        "running": Round.objects.running().with_progress().first() if is_for_staff else None,
    }


def _computed_at(cards: list[Card], shown: Round | None) -> Any:
    """Return when these lists were computed, which is later than the round where amended."""
    times = [card.suggestion.computed_at for card in cards]
    return max(times, default=shown.completed_at if shown else None)
