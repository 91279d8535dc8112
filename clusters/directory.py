"""What the directory shows around its cards: facets, map, chips, hints when nothing is found."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.db.models import F, Value
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from clusters.choices import ClusterKind, LabelLevel
from clusters.facets import Overview, Vocabulary
from clusters.filters import ANY_LABEL, FACETS, SORTS, ClusterFilter
from core import search

_SHOWN = 10
"""How many values of a long facet stand open; the others follow behind "more"."""
_STEPS = 4
"""Colours of the map, from few to many."""


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick."""

    value: str
    label: str
    count: int
    is_on: bool


@dataclass(frozen=True)
class Facet:
    """One group of boxes; ``more`` holds what stays folded away."""

    name: str
    label: str
    options: list[Option]
    more: list[Option]
    more_is_open: bool
    is_on: bool


@dataclass(frozen=True, slots=True)
class Region:
    """One district on the map: its outline, its number and the address that filters by it."""

    label: str
    path: str
    x: float
    y: float
    count: int
    step: int
    is_on: bool
    query: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to try, and how many clusters it would find where that is known."""

    label: str
    query: str
    count: int | None


def facets(filters: ClusterFilter, answer: Overview, words: Vocabulary) -> list[Facet]:
    """Return the groups of boxes in the order of the page."""
    data = filters.data
    rows: dict[str, list[tuple[Any, str, str]]] = {
        "field": [(word.pk, word.code, word.label) for word in words.fields],
        "district": [(word.pk, word.code, word.label) for word in words.districts],
        "kind": [(value, value, str(label)) for value, label in ClusterKind.choices],
        "technology": [(word.pk, word.code, word.label) for word in words.technologies],
        "stage": [(word.pk, word.code, word.label) for word in words.stages],
        "label": [
            (ANY_LABEL, ANY_LABEL, _("any label")),
            *((value, value, str(label)) for value, label in LabelLevel.choices),
        ],
        "open_needs": [(True, "true", _("has open needs"))],
    }
    found = []
    for name in FACETS:
        counts, chosen = answer.counts[name], set(data.getlist(name))
        options = [
            Option(code, label, counts.get(key, 0), code in chosen)
            for key, code, label in rows[name]
        ]
        shown, more = options, []
        if len(options) > _SHOWN + 2:
            best = sorted(options, key=lambda option: (-option.is_on, -option.count))[:_SHOWN]
            shown = [option for option in options if option in best]
            more = [option for option in options if option not in best]
        label = str(filters.filters[name].label)
        is_open = any(option.is_on for option in more)
        found.append(Facet(name, label, shown, more, is_open, bool(chosen)))
    return found


@cache
def _outlines() -> dict[str, Any]:
    path = Path(__file__).parent / "data" / "map.json"
    outlines: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return outlines


def regions(filters: ClusterFilter, answer: Overview, words: Vocabulary) -> list[Region]:
    """Return the districts as the map draws them; a click adds one to the filter or removes it."""
    outlines = _outlines()["districts"]
    counts = answer.counts["district"]
    most = max((counts.get(word.pk, 0) for word in words.districts), default=0) or 1
    chosen = filters.data.getlist("district")
    found = []
    for word in words.districts:
        outline = outlines.get(word.code)
        if outline is None:
            continue
        is_on = word.code in chosen
        others = [code for code in chosen if code != word.code]
        count = counts.get(word.pk, 0)
        found.append(
            Region(
                label=word.label,
                path=outline["path"],
                x=outline["x"],
                y=outline["y"],
                count=count,
                step=ceil(_STEPS * count / most),
                is_on=is_on,
                query=_query(filters.data, district=others if is_on else [*others, word.code]),
            )
        )
    return found


def outside_map(answer: Overview) -> int:
    """How many clusters of the answer have no evidenced district."""
    return answer.counts["district"].get(None, 0)


def chips(filters: ClusterFilter, groups: Iterable[Facet]) -> list[tuple[str, str]]:
    """Return each filter in effect with the query that removes it."""
    data, found = filters.data, []
    words = filters.values.get("q")
    if words:
        found.append((_("Words: %(words)s") % {"words": words}, f"?{_query(data, q=[])}"))
    for group in groups:
        for option in [*group.options, *group.more]:
            if option.is_on:
                rest = [value for value in data.getlist(group.name) if value != option.value]
                label = option.label
                if group.name not in {"open_needs", "technology", "field"}:
                    label = str(format_lazy("{}: {}", group.label, option.label))
                found.append((label, f"?{_query(data, **{group.name: rest})}"))
    return found


def sorts(filters: ClusterFilter) -> list[tuple[str, str, bool]]:
    """Return the orders offered: label, query and whether it is in effect."""
    return [
        (str(label), _query(filters.data, sort=[value]), value == filters.order)
        for value, label in SORTS
        if value != "relevance" or filters.values.get("q")
    ]


def suggestions(filters: ClusterFilter, groups: Any, words: Vocabulary) -> list[Any]:
    """Return what to try when nothing was found: other words, or one filter less."""
    found: list[Suggestion] = []
    match = filters.match
    typed = filters.values.get("q", "").casefold()
    if match is not None:
        folded = [word for word in match.search.words if len(word) >= 4]
        vocabulary = [word.label for word in [*words.technologies, *words.fields, *words.stages]]
        names = _similar_names(filters, folded)
        likely = [*names, *search.similar_words(folded, vocabulary)][:4]
        found += [
            Suggestion(label, _query(filters.data, q=[label]), None)
            for label in likely
            if label.casefold() != typed
        ]
    active = [name for name in ("q", *FACETS) if filters.data.get(name)]
    if len(active) > 1:
        labels = {"q": _("without the search words")}
        for group in groups:
            labels[group.name] = _("without the filter %(name)s") % {"name": group.label}
        for name in active:
            count = filters.filtered(without=name).count()
            if count:
                found.append(Suggestion(labels[name], _query(filters.data, **{name: []}), count))
    return found


def _similar_names(filters: ClusterFilter, words: list[str]) -> list[str]:
    if not words:
        return []
    similar = filters.queryset.none()
    for word in words[:3]:
        similar = similar | filters.queryset.filter(
            TrigramWordSimilar(search.Fold(F("name")), Value(word))
        )
    return list(similar.order_by("name").values_list("name", flat=True)[:3])


def query(data: QueryDict, **changes: list[str]) -> str:
    """Return the query string with some values replaced, without empty ones and without page."""
    return _query(data, **changes)


def _query(data: QueryDict, **changes: list[str]) -> str:
    fresh = QueryDict(mutable=True)
    for name in ("q", *FACETS, "sort"):
        values = changes.get(name, data.getlist(name))
        if any(values):
            fresh.setlist(name, [value for value in values if value])
    return fresh.urlencode()
