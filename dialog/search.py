"""One search over clusters, needs, offers, events and topics, through the gate of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.people import Person
from clusters.models import Cluster, Need, Offer
from core import search
from events.models import Event
from topics.models import Topic

FIRST = 5
"""Hits of each kind on the page of all kinds."""
PAGE_SIZE = 20
_TEXT = 240


class Hit(NamedTuple):
    """One line of the results."""

    title: str
    url: str
    preline: str
    text: str
    is_example: bool


@dataclass(frozen=True)
class Kind:
    """What can be searched: the rows a person may see, and how one of them is told."""

    name: str
    label: Any
    model: Any
    visible: Callable[[Person], Any]
    tell: Callable[[Any], Hit]


@dataclass(frozen=True)
class Group:
    """The hits of one kind. ``is_cut``: there are more than were compared."""

    kind: Kind
    hits: list[Hit]
    total: int
    is_cut: bool
    is_similar: bool


def _short(text: str) -> str:
    return Truncator(text).chars(_TEXT)


def _cluster(row: Cluster) -> Hit:
    preline = " · ".join(filter(None, [row.get_kind_display(), row.city]))
    return Hit(row.name, row.get_absolute_url(), preline, _short(row.profile), row.is_example)


def _statement(row: Need | Offer) -> Hit:
    text = Truncator(row.text).chars(90)
    rest = "" if text == row.text else _short(row.text)
    return Hit(text, row.get_absolute_url(), row.cluster.name, rest, row.is_example)


def _event(row: Event) -> Hit:
    day = date_format(localtime(row.starts_at), "DATE_FORMAT")
    if row.date_precision in {"month", "year"}:
        day = date_format(localtime(row.starts_at), "F Y" if row.date_precision == "month" else "Y")
    preline = " · ".join(filter(None, [day, row.city]))
    return Hit(row.title, row.get_absolute_url(), preline, _short(row.summary), row.is_example)


def _topic(row: Topic) -> Hit:
    status = str(row.get_status_display())
    return Hit(row.title, row.get_absolute_url(), status, _short(row.summary), row.is_example)


def _statements(model: type[Need] | type[Offer]) -> Callable[[Person], Any]:
    def visible(user: Person) -> Any:
        return model.objects.current().visible_to(user).select_related("cluster")

    return visible


def _all_visible(model: Any) -> Callable[[Person], Any]:
    return lambda user: model.objects.visible_to(user)


KINDS = (
    Kind("clusters", gettext_lazy("Clusters"), Cluster, _all_visible(Cluster), _cluster),
    Kind("needs", gettext_lazy("Needs"), Need, _statements(Need), _statement),
    Kind("offers", gettext_lazy("Offers"), Offer, _statements(Offer), _statement),
    Kind("events", gettext_lazy("Events"), Event, _all_visible(Event), _event),
    Kind("topics", gettext_lazy("Topics"), Topic, _all_visible(Topic), _topic),
)


@require_safe
def search_everything(request: HttpRequest) -> HttpResponse:
    """Show the best hits of each kind, or all hits of the kind chosen by ``in``."""
    query = search.clean(request.GET.get("q", ""))
    chosen = next((kind for kind in KINDS if kind.name == request.GET.get("in")), None)
    context: dict[str, object] = {
        "query": query,
        "chosen": chosen,
        "kinds": KINDS,
        "crumbs": [(_("Search"), "")],
    }
    if query and chosen:
        group, page = find_page(chosen, query, request.user, request.GET.get("page"))
        context |= {"groups": [group], "page_obj": page, "total": group.total}
    elif query:
        groups = [find_first(kind, query, request.user) for kind in KINDS]
        context["total"] = sum(group.total for group in groups)
        context["groups"] = [group for group in groups if group.total]
    return render(request, "dialog/search.html", context)


def find_first(kind: Kind, query: str, user: Person) -> Group:
    """Return the best hits of a kind and how many there are."""
    ranking, is_similar = _ranked(kind, query, user)
    hits = _told(kind, user, ranking.ids[:FIRST])
    return Group(kind, hits, len(ranking.ids), ranking.is_cut, is_similar)


def find_page(kind: Kind, query: str, user: Person, number: str | None) -> tuple[Group, Page[int]]:
    """Return one page of the hits of a kind."""
    ranking, is_similar = _ranked(kind, query, user)
    page = Paginator(ranking.ids, PAGE_SIZE).get_page(number)
    hits = _told(kind, user, list(page.object_list))
    return Group(kind, hits, len(ranking.ids), ranking.is_cut, is_similar), page


def _ranked(kind: Kind, query: str, user: Person) -> tuple[search.Ranking, bool]:
    rows = kind.visible(user)
    found = search.match(rows, query)
    if found is None:
        return search.Ranking([], is_cut=False), False
    return search.rank(rows, found), found.is_similar


def _told(kind: Kind, user: Person, ids: list[int]) -> list[Hit]:
    """Read rows again through their gate and put them into words."""
    rows = kind.visible(user).defer("search_vector", "search_text").in_bulk(ids)
    return [kind.tell(rows[pk]) for pk in ids if pk in rows]
