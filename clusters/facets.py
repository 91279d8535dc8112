"""How many clusters stand behind each filter, and which ones answer the question.

Everything is kept in the cache under the version of the data, so it is computed once for each
question and never outlives a change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Model
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.people import Person
from clusters.choices import TermKind
from clusters.filters import ANY_LABEL, ClusterFilter, through
from clusters.models import District, InnovationField, LabelAward, Term
from core import search, versions

_KEEP = 3600
"""Seconds an answer nobody asks for again stays in the cache."""

Counts = dict[Any, int]


@dataclass(frozen=True)
class Overview:
    """The answer without its rows: totals, counts behind each filter, ids where they are ranked.

    ``counts`` maps a facet to counts by primary key or value; each is computed on what all
    *other* filters leave. ``ids`` is None where the order is one of the database.
    """

    total: int
    counts: dict[str, Counts]
    ids: list[int] | None = None
    is_cut: bool = False
    is_similar: bool = False


@dataclass(frozen=True)
class Word:
    """One value of a facet in the reader's language."""

    pk: int
    code: str
    label: str


@dataclass(frozen=True)
class Vocabulary:
    """The values of the facets that are rows, in the reader's language and their order."""

    fields: list[Word] = field(default_factory=list)
    districts: list[Word] = field(default_factory=list)
    technologies: list[Word] = field(default_factory=list)
    stages: list[Word] = field(default_factory=list)


@dataclass(frozen=True)
class Answered:
    """What the cache knows about a question. ``key`` names version, language and question."""

    overview: Overview
    words: Vocabulary
    key: str

    def drawn(self, part: str, draw: Callable[[], str]) -> SafeString:
        """Return a part of the page as HTML, drawn once for all who ask the same.

        ``part`` must name everything the HTML depends on beyond the question.
        """
        key = f"{self.key}:{_digest(part)}"
        html: str | None = cache.get(key)
        if html is None:
            html = str(draw())
            cache.set(key, html, _KEEP)
        # Only what templates have drawn, and so escaped, is kept under these keys.
        return mark_safe(html)  # noqa: S308


def answer(filters: ClusterFilter) -> Answered:
    """Return what is known for a bound filter, from the cache where it can."""
    version, language = versions.current(), get_language()
    question = _question(filters)
    answer_key = f"clusters:answer:{version}:{question}"
    words_key = f"clusters:words:{version}:{language}"
    known = cache.get_many([answer_key, words_key])
    overview: Overview | None = known.get(answer_key)
    words: Vocabulary | None = known.get(words_key)
    if overview is None:
        overview = _compute(filters)
        cache.set(answer_key, overview, _KEEP)
    if words is None:
        words = _vocabulary()
        cache.set(words_key, words, _KEEP)
    return Answered(overview, words, f"clusters:drawn:{version}:{language}:{question}")


def _question(filters: ClusterFilter) -> str:
    """Return a short name for audience, day and filter values; equal questions share it."""
    values = sorted(
        (name, sorted(str(_code(item)) for item in value) if _is_many(value) else str(value))
        for name, value in filters.values.items()
        if name != "sort" and (value if not _is_many(value) else list(value))
    )
    # Days count because labels and needs run out.
    whole = repr((audience(filters.request.user), timezone.localdate(), filters.order, values))
    return _digest(whole)


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _is_many(value: object) -> bool:
    return hasattr(value, "__iter__") and not isinstance(value, str)


def _code(item: object) -> object:
    return item.pk if isinstance(item, Model) else item


def audience(user: Person) -> str:
    """Return what decides which rows the person sees: people of equal rights share answers."""
    if not user.is_authenticated:
        return "public"
    if user.is_staff:
        return "staff"
    own = user.memberships.filter(ended_at=None).order_by("cluster").values_list("cluster")
    ids = ",".join(str(pk) for (pk,) in own)
    return f"members of {ids}" if ids else "public"


def _compute(filters: ClusterFilter) -> Overview:
    counts = {name: count(filters) for name, count in _COUNTERS.items()}
    if filters.order == "relevance" and filters.match is not None:
        ranking = search.rank(filters.filtered(), filters.match)
        total = filters.filtered().count() if ranking.is_cut else len(ranking.ids)
        return Overview(total, counts, ranking.ids, ranking.is_cut, filters.match.is_similar)
    return Overview(filters.filtered().count(), counts)


def _count_fields(filters: ClusterFilter) -> Counts:
    links = through("innovation_fields").filter(
        cluster__in=filters.filtered(without="field").values("pk")
    )
    return _grouped(links, "innovationfield")


def _count_terms(facet: str, kind: str) -> Callable[[ClusterFilter], Counts]:
    def count(filters: ClusterFilter) -> Counts:
        links = through("terms").filter(
            cluster__in=filters.filtered(without=facet).values("pk"),
            term__in=list(Term.objects.filter(kind=kind).values_list("pk", flat=True)),
        )
        return _grouped(links, "term")

    return count


def _count_column(facet: str, column: str) -> Callable[[ClusterFilter], Counts]:
    return lambda filters: _grouped(filters.filtered(without=facet), column)


def _count_labels(filters: ClusterFilter) -> Counts:
    labels = LabelAward.objects.valid().filter(
        cluster__in=filters.filtered(without="label").values("pk")
    )
    counts = _grouped(labels, "level", Count("cluster", distinct=True))
    return {**counts, ANY_LABEL: labels.order_by().values("cluster").distinct().count()}


def _count_open_needs(filters: ClusterFilter) -> Counts:
    clusters = filters.filtered(without="open_needs")
    return {True: clusters.filter(pk__in=filters.open_needs_clusters()).count()}


def _grouped(rows: Any, column: str, number: Any = None) -> Counts:
    counted = rows.order_by().values_list(column).annotate(number=number or Count("pk"))
    return dict(counted)


_COUNTERS: dict[str, Callable[[ClusterFilter], Counts]] = {
    "field": _count_fields,
    "district": _count_column("district", "district"),
    "kind": _count_column("kind", "kind"),
    "technology": _count_terms("technology", TermKind.TECHNOLOGY),
    "stage": _count_terms("stage", TermKind.STAGE),
    "label": _count_labels,
    "open_needs": _count_open_needs,
}


def _vocabulary() -> Vocabulary:
    terms = list(Term.objects.filter(kind__in=[TermKind.TECHNOLOGY, TermKind.STAGE]))
    technologies = [term for term in terms if term.kind == TermKind.TECHNOLOGY]
    return Vocabulary(
        fields=[Word(row.pk, row.code, row.name) for row in InnovationField.objects.all()],
        districts=[Word(row.pk, row.code, row.short_name) for row in District.objects.all()],
        technologies=sorted(
            (Word(term.pk, term.code, term.label) for term in technologies),
            key=lambda word: word.label.casefold(),
        ),
        stages=[Word(t.pk, t.code, t.label) for t in terms if t.kind == TermKind.STAGE],
    )
