"""Full-text search in German and English that forgives umlauts and typing errors.

Rows are found by stems (both languages, as written and folded), by beginnings of their names and,
where that finds little, by similar words. Work is bounded: at most ``RANKED`` rows are ranked for
a page however many match. See ``docs/search.md``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import SearchQueryField, TrigramWordSimilarity
from django.db import connection, models, transaction
from django.db.models import F, FloatField, Func, Q, Value
from django.db.models.functions import Cast

RANKED = 300
"""How many matches are compared by relevance; more are not better answers, only more work."""
FEW = 5
"""Below this many hits by words, similar words are searched too."""
SIMILAR = 50
"""How many rows similar words may add."""
LIKENESS = 0.5
"""From which share of common letter triples two words count as similar."""
_MAX_LENGTH = 200
_MAX_WORDS = 12
# Marks lexemes that stem from the name, so that the index alone answers "whose name begins so".
_NAME = "="
_PUNCTUATION = "./@&+'’:_-–()"
# Stop words of German as people without umlauts on their keyboard write them.
_FOLDED_STOP_WORDS = {"fuer", "koennen", "koennte", "ueber", "waehrend", "wuerde", "wuerden"}

_NAME_LEXEMES = """
    setweight(array_to_tsvector(ARRAY(
        SELECT DISTINCT '=' || left(lexeme, 80)
        FROM unnest(to_tsvector('simple', core_fold(A_german || ' ' || A_english)))
            AS name(lexeme, places, marks))), 'D')
"""

Weight = Literal["A", "B", "C"]


class Fold(Func):
    """Small letters, umlauts as two letters, no accents; also the order of German names."""

    function = "core_fold"
    output_field = models.TextField()


class Matches(Func):
    """Whether a search vector satisfies a tsquery that is already in PostgreSQL's notation."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = models.BooleanField()

    def __init__(self, tsquery: str) -> None:
        super().__init__(F("search_vector"), Cast(Value(tsquery), SearchQueryField()))


class Rank(Func):
    """How well a row answers a tsquery; names count most, long texts a little less."""

    function = "ts_rank"
    template = "%(function)s(%(expressions)s, 1)"
    output_field = FloatField()

    def __init__(self, tsquery: str) -> None:
        super().__init__(F("search_vector"), Cast(Value(tsquery), SearchQueryField()))


# --- what is written into the index ----------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """SQL expressions over the row ``doc`` for one weight: A names, B terms, C running text.

    ``{language}`` in them becomes ``de`` and ``en``; what does not name it counts in both.
    """

    weight: Weight
    sources: str


@dataclass(frozen=True)
class Document:
    """How the rows of one table become searchable."""

    model: type[models.Model]
    parts: Sequence[Part]
    similar: Sequence[Weight] = ("A", "B")

    def refresh(self, ids: Iterable[int] | None = None) -> int:
        """Compute the search columns of ``ids`` (all rows when None) in one statement.

        Returns the number of rows whose columns changed.
        """
        where, params = "", []
        if ids is not None:
            where, params = "WHERE doc.id = ANY(%s)", [list(ids)]
        with connection.cursor() as cursor:
            cursor.execute(self._statement(where), params)
            return int(cursor.rowcount)

    def _statement(self, where: str) -> str:
        table = self.model._meta.db_table
        weights: list[Weight] = sorted({part.weight for part in self.parts})
        texts, vectors = [], []
        for weight in weights:
            for language, code in (("german", "de"), ("english", "en")):
                sources = ", ".join(part.sources for part in self.parts if part.weight == weight)
                words = _words(sources.replace("{language}", code))
                texts.append(f"{words} AS {weight}_{language}")
            vectors.append(
                f"setweight(to_tsvector('german', {weight}_german)"
                f" || to_tsvector('german', core_fold({weight}_german))"
                f" || to_tsvector('english', {weight}_english), '{weight}')"
            )
        if "A" in weights:
            vectors.append(_NAME_LEXEMES)
        similar = " || ' ' || ".join(
            f"{weight}_german || ' ' || {weight}_english"
            for weight in self.similar
            if weight in weights
        )
        # Table and expressions are constants of the apps; nothing here comes from outside.
        return f"""
            UPDATE {table} AS target
            SET search_vector = fresh.vector, search_text = fresh.words
            FROM (
                SELECT id, {" || ".join(vectors)} AS vector,
                    coalesce((SELECT string_agg(DISTINCT word, ' ')
                        FROM regexp_split_to_table(core_fold({similar}), '\\s+') AS word), '')
                    AS words
                FROM (SELECT doc.id, {", ".join(texts)} FROM {table} AS doc {where}) AS texts
            ) AS fresh
            WHERE target.id = fresh.id
                AND (target.search_vector IS DISTINCT FROM fresh.vector
                    OR target.search_text <> fresh.words)
        """  # noqa: S608


def _words(sources: str) -> str:
    """Join texts and part what PostgreSQL would keep together, for instance BIO.NRW as a host."""
    signs = _PUNCTUATION.replace("'", "''")
    return f"translate(concat_ws(' ', {sources}), '{signs}', '{' ' * len(_PUNCTUATION)}')"


# --- what a person typed ---------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """A query as understood: ``tsquery`` in PostgreSQL's notation and the folded plain words."""

    text: str
    tsquery: str
    by_name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """The condition rows must meet, and whether similar words had to help."""

    search: Search
    condition: Q
    is_similar: bool


@dataclass(frozen=True)
class Ranking:
    """Primary keys, the best first; ``is_cut`` tells that more rows match than were ranked."""

    ids: list[int]
    is_cut: bool


def clean(query: str) -> str:
    """Return the query without control characters and at a length that makes sense."""
    printable = "".join(sign if sign.isprintable() else " " for sign in query[: 4 * _MAX_LENGTH])
    return " ".join(printable.split())[:_MAX_LENGTH].strip()


@lru_cache(maxsize=2048)
def understand(query: str) -> Search | None:
    """Read what was typed: words are all wanted, "quoted" ones in this order, -these not.

    Returns None when nothing was typed that could be searched for.
    """
    text = clean(query)
    tokens = re.findall(r'-?"[^"]*"|[^\s"]+', text)[:_MAX_WORDS]
    wanted = _terms([token for token in tokens if not token.startswith("-")])
    unwanted = _terms([token[1:] for token in tokens if token.startswith("-")])
    if not wanted:
        wanted, unwanted = unwanted, []
    if not wanted:
        return None
    groups, names, words = [], [], []
    for stems, folded in _stems(wanted):
        if not all(stems) or folded in _FOLDED_STOP_WORDS:
            continue
        plain = re.findall(r"\w+", folded)
        by_name = [f"'{_NAME}{word}':*" for word in plain if len(word) >= 3]
        is_phrase = len(plain) > 1
        groups.append(" | ".join(dict.fromkeys([*stems, *([] if is_phrase else by_name)])))
        names += by_name
        words += plain
    tsquery = " & ".join(f"({group})" for group in groups)
    for stems, _folded in _stems(unwanted):
        without = " | ".join(dict.fromkeys(filter(None, stems)))
        if without and tsquery:
            tsquery += f" & !({without})"
    return Search(text, tsquery, " & ".join(names), tuple(words))


def _terms(tokens: Sequence[str]) -> list[str]:
    """Part words at the same signs as the index; a phrase stays together in quotes."""
    signs = f"[{re.escape(_PUNCTUATION)}]+"
    terms: list[str] = []
    for token in tokens:
        spaced = re.sub(signs, " ", token.strip('"')).strip()
        if token.startswith('"') and " " in spaced:
            terms.append(f'"{spaced}"')
        else:
            terms += spaced.split()
    return [term for term in terms if re.search(r"\w", term)]


def _stems(terms: Sequence[str]) -> list[tuple[list[str], str]]:
    """Return for each term its German, folded German and English tsquery and its folded form.

    An empty tsquery tells that the term is a stop word of that language.
    """
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT websearch_to_tsquery('german', term)::text,"
            " websearch_to_tsquery('german', core_fold(term))::text,"
            " websearch_to_tsquery('english', term)::text, core_fold(term)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS terms(term, n) ORDER BY n",
            [list(terms)],
        )
        return [([german, folded, english], plain) for german, folded, english, plain in cursor]


# --- finding ---------------------------------------------------------------------------------


def match(base: models.QuerySet[Any], query: str) -> Match | None:
    """Return what rows must meet to answer ``query``; None when it says nothing.

    ``base`` is everything the person may see, before other filters: whether similar words are
    needed must not depend on a filter, or the counts behind filters would contradict each other.
    Asks the database.
    """
    search = understand(query)
    if search is None:
        return None
    condition = Q(Matches(search.tsquery)) if search.tsquery else Q(pk__in=[])
    hits = base.order_by().filter(condition).values_list("pk", flat=True)[:FEW]
    if len(hits) >= FEW:
        return Match(search, condition, is_similar=False)
    similar = set(_similar(base, search)) - set(hits)
    if not similar:
        return Match(search, condition, is_similar=False)
    return Match(search, condition | Q(pk__in=sorted(similar)), is_similar=not hits)


def _similar(base: models.QuerySet[Any], search: Search) -> list[int]:
    """Rows in which every longer word of the query has a similar one."""
    words = [word for word in search.words if len(word) >= 4]
    if not words:
        return []
    rows = base.order_by()
    for word in words:
        rows = rows.filter(TrigramWordSimilar(F("search_text"), Value(word)))
    # The operator the index serves takes its threshold from a setting; 0.6, the default, misses
    # two letters that changed places.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKENESS)]
        )
        return list(rows.values_list("pk", flat=True)[:SIMILAR])


def rank(queryset: models.QuerySet[Any], found: Match, limit: int = RANKED) -> Ranking:
    """Order the rows of ``queryset`` that meet ``found``, the most relevant first.

    At most ``limit`` rows are compared, those whose name begins with the words before all others.
    """
    search = found.search
    relevance: Any = Rank(search.tsquery) if search.tsquery else Value(0.0)
    if search.words:
        relevance = relevance + TrigramWordSimilarity(" ".join(search.words), "search_text") * 0.1
    rows = queryset.order_by().annotate(relevance=relevance).values_list("pk", "relevance")
    scores = dict(rows.filter(found.condition)[: limit + 1])
    is_cut = len(scores) > limit
    if is_cut and search.by_name:
        scores.update(rows.filter(Matches(search.by_name))[:limit])
    ordered = sorted(scores, key=lambda pk: (-scores[pk], pk))
    return Ranking(ordered[:limit], is_cut)


def similar_words(words: Iterable[str], vocabulary: Iterable[str]) -> list[str]:
    """Return up to three entries of ``vocabulary`` that look like one of ``words``."""
    from difflib import SequenceMatcher

    best: dict[str, float] = {}
    for entry in vocabulary:
        for word in words:
            likeness = SequenceMatcher(None, word, entry.casefold()).ratio()
            if likeness >= 0.7:
                best[entry] = max(likeness, best.get(entry, 0))
    return sorted(best, key=lambda entry: (-best[entry], entry))[:3]
