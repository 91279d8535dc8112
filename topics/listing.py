"""What the list of topics shows besides the topics."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from topics.choices import TopicStatus
from topics.filters import TopicFilter
from topics.models import Topic

Chip = tuple[str, str]
Crumb = tuple[str, str]


def crumbs(topic: Topic | None, last: str = "") -> list[Crumb]:
    """Return the way from the list of topics to ``topic``, and on to ``last``."""
    found: list[Crumb] = [(_("Topics"), reverse("topics:topic-list"))]
    if topic is not None:
        found.append((str(topic), topic.get_absolute_url()))
    return [*found, (last, "")] if last else found


def chips(filterset: TopicFilter, query: QueryDict) -> list[Chip]:
    """Return label and address without it for every filter in effect."""
    if not filterset.is_valid():
        return []
    data = filterset.form.cleaned_data
    found: list[Chip] = []
    if data["q"]:
        found.append((_("“%(words)s”") % {"words": data["q"]}, _without(query, "q", data["q"])))
    found += [
        (str(TopicStatus(status).label), _without(query, "status", status))
        for status in data["status"]
    ]
    found += [(str(field), _without(query, "field", field.code)) for field in data["field"]]
    if term := data["term"]:
        found.append((str(term), _without(query, "term", term.code)))
    return found


def _without(query: QueryDict, name: str, value: str) -> str:
    rest = query.copy()
    rest.setlist(name, [one for one in rest.getlist(name) if one.strip() != value])
    rest.pop("page", None)
    return f"?{rest.urlencode()}"
