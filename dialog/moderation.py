"""The moderation queue: everything that waits for staff, from every app, in one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clusters.access import require_staff
from clusters.choices import ChangeTarget
from clusters.models import Application, ChangeRequest
from core.http import render_page
from events.models import Event
from topics.models import Topic

KINDS = {
    "profile": _("Profiles"),
    "application": _("Applications"),
    "need": _("Needs"),
    "offer": _("Offers"),
    "topic": _("Topics"),
    "event": _("Events"),
}
AGES = {"": _("any age"), "7": _("older than a week"), "14": _("older than two weeks")}
# Longer than this, in days, nobody should wait.
URGENT_AFTER = 7
PAGE_SIZE = 25


# Since when an entry waits, its kind and its primary key: what the queue is sorted by.
Key: TypeAlias = tuple[datetime, str, int]


@dataclass(frozen=True)
class Waiting:
    """One line of the queue."""

    kind: str
    title: str
    who: str
    since: datetime
    url: str

    @property
    def kind_label(self) -> str:
        return str(ONE[self.kind])

    @property
    def is_urgent(self) -> bool:
        return self.since < timezone.now() - timedelta(days=URGENT_AFTER)


ONE = {
    "profile": _("profile"),
    "application": _("application"),
    "need": _("need"),
    "offer": _("offer"),
    "topic": _("topic"),
    "event": _("event"),
}


@login_required
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """The queue, the oldest first, filtered by kind and age."""
    require_staff(request.user)
    kind = request.GET.get("kind", "")
    age = request.GET.get("age", "")
    kind, age = kind if kind in KINDS else "", age if age in AGES else ""
    page = read_queue(kind=kind, days=int(age or 0), page=request.GET.get("page", "1"))
    counts = count_queue(days=int(age or 0))
    context: dict[str, object] = {
        "page_obj": page,
        "kind": kind,
        "age": age,
        "kinds": [(name, label, counts[name]) for name, label in KINDS.items()],
        "total": sum(counts.values()),
        "ages": AGES.items(),
    }
    return render_page(
        request, "dialog/moderation/queue.html", "dialog/moderation/_queue.html", context
    )


def count_queue(days: int = 0) -> dict[str, int]:
    """Return how many entries of each kind wait, those older than ``days`` only."""
    before = timezone.now() - timedelta(days=days)
    counts = dict.fromkeys(KINDS, 0)
    changes = ChangeRequest.objects.waiting().filter(submitted_at__lte=before).order_by()
    counts.update(changes.values_list("target").annotate(Count("pk")))
    for kind in ("application", "topic", "event"):
        entries = _waiting(kind).annotate(since=Coalesce("submitted_at", "created_at"))
        counts[kind] = entries.filter(since__lte=before).count()
    return counts


def read_queue(*, kind: str = "", days: int = 0, page: str | int = 1) -> Page[Any]:
    """Return a page of :class:`Waiting`, the oldest first; always the same few queries."""
    kinds = [kind] if kind else list(KINDS)
    counts = count_queue(days)
    found: Page[Any] = Paginator(range(sum(counts[name] for name in kinds)), PAGE_SIZE).get_page(
        page
    )
    keys = sorted(key for name in kinds for key in _oldest(name, days, found.end_index()))
    found.object_list = _load(keys[max(found.start_index() - 1, 0) : found.end_index()])
    return found


def _oldest(kind: str, days: int, number: int) -> list[Key]:
    """Return the first entries of one kind; no page needs more of them than it ends at."""
    before = timezone.now() - timedelta(days=days)
    entries = _waiting(kind).annotate(since=Coalesce("submitted_at", "created_at"))
    rows = entries.filter(since__lte=before).order_by("since", "pk").values_list("since", "pk")
    return [(since, kind, pk) for since, pk in rows[:number]]


def _waiting(kind: str) -> QuerySet[Any]:
    waiting: QuerySet[Any]
    if kind == "application":
        waiting = Application.objects.waiting()
    elif kind == "topic":
        waiting = Topic.objects.waiting()
    elif kind == "event":
        waiting = Event.objects.waiting()
    else:
        waiting = ChangeRequest.objects.waiting().filter(target=kind)
    return waiting


def _load(keys: list[Key]) -> list[Waiting]:
    """Turn keys into lines: one query a table, however many lines."""
    ids: dict[str, list[int]] = {}
    for _since, kind, pk in keys:
        ids.setdefault(_table(kind), []).append(pk)
    sources: dict[str, QuerySet[Any]] = {
        "change": ChangeRequest.objects.select_related("cluster", "need", "offer"),
        "application": Application.objects.all(),
        "topic": Topic.objects.select_related("proposed_by"),
        "event": Event.objects.select_related("proposed_by"),
    }
    entries = {table: sources[table].in_bulk(found) for table, found in ids.items()}
    return [
        _line(kind, since, entries[_table(kind)][pk])
        for since, kind, pk in keys
        if pk in entries[_table(kind)]
    ]


def _table(kind: str) -> str:
    return kind if kind in {"application", "topic", "event"} else "change"


def _line(kind: str, since: datetime, entry: Any) -> Waiting:
    if kind == "application":
        url = _address("clusters:application-review", entry.pk)
        return Waiting(kind, entry.name, entry.contact_name, since, url)
    if kind in {"topic", "event"}:
        url = _address(f"{kind}s:{kind}-review", entry.slug)
        return Waiting(kind, entry.title, str(entry.proposed_by or ""), since, url)
    url = _address("clusters:change-review", entry.pk)
    return Waiting(kind, _title(entry), entry.cluster.name, since, url)


def _title(change: ChangeRequest) -> str:
    if change.target == ChangeTarget.PROFILE:
        return gettext("%(cluster)s: changes to the profile") % {"cluster": change.cluster}
    values = change.values
    text = values.get("text_de") or values.get("text_en") or str(change.need or change.offer or "")
    return text[:120]


def _address(name: str, key: object) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
