"""The vocabulary: every term, and all that carries it, each kind through its own gate."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.people import Person
from clusters.choices import TermKind
from clusters.models import Term
from core import search
from dialog.search import FIRST, KINDS, PAGE_SIZE, Group, Kind

ORDER = (
    TermKind.TECHNOLOGY,
    TermKind.THEME,
    TermKind.SECTOR,
    TermKind.ECOSYSTEM,
    TermKind.STAGE,
    TermKind.SERVICE,
    TermKind.TARGET_GROUP,
)


@dataclass(frozen=True)
class Entry:
    """A term with the number of clusters, needs, offers, events and topics the reader may see."""

    term: Term
    numbers: list[tuple[Any, int]]
    """Label of a kind, and how many of it carry the term; only those that are there."""


@dataclass(frozen=True)
class Section:
    """Terms of one kind; cross-cutting technologies come first, in a section of their own."""

    name: str
    label: str
    entries: list[Entry]


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """Show the whole vocabulary, or the terms that fit the words in ``q``."""
    words = search.clean(request.GET.get("q", ""))
    sections = _sections(request.user, words)
    context = {
        "sections": sections,
        "words": words,
        "total": sum(len(section.entries) for section in sections),
        "crumbs": [(_("Vocabulary"), "")],
    }
    return render(request, "dialog/term_list.html", context)


@require_safe
def term_detail(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show all that carries a term, or all of the kind chosen by ``in``."""
    terms: Any = Term.objects.prefetch_related("innovation_fields")
    term: Term = get_object_or_404(terms, kind=kind, code=code)
    chosen = next((one for one in KINDS if one.name == request.GET.get("in")), None)
    context: dict[str, Any] = {
        "term": term,
        "chosen": chosen,
        "crumbs": [(_("Vocabulary"), reverse("dialog:term-list")), (term.label, "")],
    }
    if chosen:
        page = Paginator(_carriers(chosen, term, request.user), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        hits = [chosen.tell(row) for row in page]
        context |= {"groups": [_group(chosen, hits, page.paginator.count)], "page_obj": page}
    else:
        context["groups"] = _first_groups(term, request.user)
    return render(request, "dialog/term_detail.html", context)


def _first_groups(term: Term, user: Person) -> list[Group]:
    """Return the first rows of each kind that carries the term."""
    groups = []
    for kind in KINDS:
        rows = _carriers(kind, term, user)
        if total := rows.count():
            groups.append(_group(kind, [kind.tell(row) for row in rows[:FIRST]], total))
    return groups


def _group(kind: Kind, hits: list[Any], total: int) -> Group:
    return Group(kind, hits, total, is_cut=False, is_similar=False)


def _carriers(kind: Kind, term: Term, user: Person) -> Any:
    """Return what carries the term and may be seen, the newest first."""
    rows = kind.visible(user).filter(pk__in=_links(kind, user).filter(term=term).values(_own(kind)))
    return rows.defer("search_vector", "search_text").order_by("-pk")


def _own(kind: Kind) -> str:
    """Return the column that leads from a link to the row that carries the term."""
    name: str = kind.model._meta.model_name or ""
    return name


def _links(kind: Kind, user: Person) -> Any:
    """Return the rows between terms and what carries them, as far as it may be seen."""
    through: Any = kind.model.terms.through
    # Without its order the list of ids is all the database has to make.
    visible = kind.visible(user).order_by().values("pk")
    return through._default_manager.filter(**{f"{_own(kind)}__in": visible})


def _sections(user: Person, words: str) -> list[Section]:
    numbers = _numbers(user)
    by_section: dict[str, list[Entry]] = defaultdict(list)
    for term in Term.objects.all():
        if words and not _fits(term, words):
            continue
        name = "cross_cutting" if term.is_cross_cutting else term.kind
        counted = [(kind.label, numbers[kind.name][term.pk]) for kind in KINDS]
        by_section[name].append(Entry(term, [pair for pair in counted if pair[1]]))
    labels = {"cross_cutting": _("Cross-cutting technologies")}
    labels |= {str(kind): str(kind.label) for kind in ORDER}
    return [
        Section(name, label, by_section[name]) for name, label in labels.items() if by_section[name]
    ]


def _fits(term: Term, words: str) -> bool:
    """Tell whether every word stands in a label, in either language, or in a synonym."""
    told: Any = term
    text = " ".join([told.label_de or "", told.label_en or "", *term.synonyms]).casefold()
    return all(word in text for word in words.casefold().split())


def _numbers(user: Person) -> dict[str, Counter[int]]:
    """Count by kind and term, in one query a kind."""
    return {
        kind.name: Counter(
            dict(_links(kind, user).values_list("term").annotate(number=Count("pk")))
        )
        for kind in KINDS
    }
