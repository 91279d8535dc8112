"""Suggestions on the pages of other apps."""

from typing import Any

from django import template
from django.http import Http404
from django.utils.formats import number_format

from clusters.models import Cluster
from events.models import Event
from matching.access import audience_of, clusters_standing_for, current_suggestions
from matching.office.weighing import STEPS, steps_of
from matching.suggesting.cards import build_cards
from topics.models import Topic

register = template.Library()


@register.inclusion_tag("matching/partials/_circle_link.html", takes_context=True)
def circle_link(context: template.Context, topic: Topic) -> dict[str, Any]:
    """Link to who should talk about a topic; nothing for those who may not ask."""
    user = context["request"].user
    asks = topic.is_published and user.is_authenticated
    may_ask = asks and (user.is_staff or bool(clusters_standing_for(user, topic)))
    return {"topic": topic} if may_ask else {}


@register.inclusion_tag("matching/partials/_circle_offer.html", takes_context=True)
def circle_offer(context: template.Context, event: Event) -> dict[str, Any]:
    """Offer staff to be told whom to invite because of what; nothing for others."""
    return {"event": event} if context["request"].user.is_staff else {}


@register.filter
def weight(value: float | None) -> str:
    """A weight as people write it: two decimals, three only where the third says something."""
    if value is None:
        return ""
    thousandths = steps_of(value)
    return str(number_format(thousandths / STEPS, 3 if thousandths % 10 else 2))


@register.inclusion_tag("matching/partials/_top_suggestions.html", takes_context=True)
def top_suggestions(context: template.Context, cluster: Cluster, limit: int = 3) -> dict[str, Any]:
    """The best suggestions of a cluster, each with its first reason; nothing for others.

    New partners come first; those one knows fill up what is left.
    """
    user = context["request"].user
    try:
        suggestions = current_suggestions(user, cluster)
    except Http404:
        return {}
    return {"cluster": cluster, "cards": build_cards(suggestions, audience_of(user))[:limit]}
