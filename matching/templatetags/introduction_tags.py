"""Introductions and feedback on pages of this and other apps."""

from typing import Any

from django import template
from django.utils import formats

from clusters.models import Cluster
from matching.access import can_ask
from matching.introducing.introductions import PairStates, pair_states, read_waiting

register = template.Library()
_KEPT = "matching_pair_states"
SHOWN_AT_MOST = 50


@register.inclusion_tag("matching/partials/_suggestion_actions.html", takes_context=True)
def suggestion_actions(
    context: template.Context, cluster: Cluster, partner: Cluster
) -> dict[str, Any]:
    """What a cluster can answer to a suggested partner, and what it has answered."""
    may_act, states = _known(context, cluster)
    user = context["request"].user
    may_know = may_act or user.is_staff
    introduction = states.introductions.get(partner.pk) if may_know else None
    return {
        "cluster": cluster,
        "partner": partner,
        "may_act": may_act,
        "is_staff": user.is_staff,
        "introduction": introduction,
        "is_asker": introduction is not None and introduction.asker_id == cluster.pk,
        "feedback": states.feedback.get(partner.pk) if may_know else None,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("matching/partials/_hidden_suggestions.html", takes_context=True)
def hidden_suggestions(context: template.Context, cluster: Cluster) -> dict[str, Any]:
    """Partners a cluster has put off or found unsuitable, each with a way back."""
    may_act, states = _known(context, cluster)
    may_know = may_act or context["request"].user.is_staff
    return {
        "cluster": cluster,
        "may_act": may_act,
        "hidden": list(states.feedback.values())[:SHOWN_AT_MOST] if may_know else [],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("matching/partials/_introduction_requests.html", takes_context=True)
def introduction_requests(context: template.Context, limit: int = 3) -> dict[str, Any]:
    """Who wants to talk to the signed-in person's clusters, and why."""
    lines, number = read_waiting(context["request"].user, limit)
    return {"lines": lines, "number": number, "csrf_token": context.get("csrf_token")}


@register.simple_tag(takes_context=True)
def may_ask(context: template.Context, cluster: Cluster) -> bool:
    """Tell whether the signed-in person may ask for introductions on the cluster's behalf."""
    return _known(context, cluster)[0]


@register.filter
def percent(share: float | None) -> str:
    """Write a share in [0,1] as per cent with one digit; a dash for None."""
    if share is None:
        return "–"
    number = formats.number_format(100 * share, decimal_pos=1)
    return f"{number}\N{NO-BREAK SPACE}%"


def _known(context: template.Context, cluster: Cluster) -> tuple[bool, PairStates]:
    """Return what all cards of a page share: read once a page and cluster."""
    request = context["request"]
    kept: dict[int, tuple[bool, PairStates]] = request.__dict__.setdefault(_KEPT, {})
    if cluster.pk not in kept:
        kept[cluster.pk] = (can_ask(request.user, cluster), pair_states(cluster))
    return kept[cluster.pk]
