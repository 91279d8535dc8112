"""Topics on the pages of other apps, and how templates speak of potential."""

from typing import Any

from django import template
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clusters.models import Cluster
from topics.choices import Potential, TopicStatus
from topics.models import Topic

register = template.Library()
_LOOKS = {
    TopicStatus.FOCUS: "success",
    TopicStatus.IN_WORK: "success",
    TopicStatus.OPEN: "info",
    TopicStatus.PROPOSED: "warning",
    TopicStatus.DECLINED: "danger",
}


@register.filter
def status_look(topic: Topic) -> str:
    """The kind of badge a topic's state is shown with."""
    return _LOOKS.get(TopicStatus(topic.status), "")


@register.filter
def text_language(topic: Topic) -> str:
    """The language the texts of a topic are shown in, for ``lang``."""
    return topic.only_language or get_language() or "de"


@register.filter
def language_note(topic: Topic) -> str:
    """Says so where there is no text in the reader's language; else empty."""
    if topic.only_language in {"", get_language()}:
        return ""
    return _("Only in German") if topic.only_language == "de" else _("Only in English")


@register.filter
def potential_name(value: int) -> str:
    """A potential in a word."""
    return str(Potential(value).label)


@register.filter
def source_markers(topic: Topic) -> list[str]:
    """All marks of evidence of a topic, each once."""
    return list(dict.fromkeys(mark for marks in topic.sources.values() for mark in marks))


@register.inclusion_tag("topics/partials/_cluster_topics.html", takes_context=True)
def cluster_topics(context: template.Context, cluster: Cluster, limit: int = 10) -> dict[str, Any]:
    """The published topics a cluster visibly endorses or has proposed."""
    user = context["request"].user
    topics: Any = Topic.objects.published()
    endorsed = cluster.endorsements.visible_to(user).values("topic")
    rows = topics.filter(Q(pk__in=endorsed) | Q(proposed_by=cluster))
    return {"topics": list(rows.with_card_data(user).in_order()[:limit]), "cluster": cluster}


@register.inclusion_tag("topics/partials/_focus_topics.html", takes_context=True)
def focus_topics(context: template.Context, limit: int = 6) -> dict[str, Any]:
    """The topics the dialogue works on at present."""
    topics: Any = Topic.objects.focus()
    user = context["request"].user
    return {"topics": list(topics.with_card_data(user).in_order()[:limit])}
