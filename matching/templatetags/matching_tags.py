"""Suggestions on the pages of other apps."""

from typing import Any

from django import template
from django.http import Http404

from clusters.models import Cluster
from matching.access import audience_of, current_suggestions
from matching.cards import build_cards

register = template.Library()


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
