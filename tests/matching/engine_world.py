"""Small profiles for the tests of the matching engine."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
from hypothesis import strategies as st

from matching.engine.preparation import Prepared, prepare
from matching.engine.profile import (
    Bilingual,
    Confidentiality,
    Profile,
    Statement,
    Vocabulary,
    Weights,
)
from matching.engine.ranking import suggest_partners
from matching.engine.results import PairResult
from matching.engine.text import IntArray

TODAY = date(2026, 11, 21)
STAGES = ("research", "component", "system", "use")
VOCABULARY = Vocabulary(
    terms={
        "research": Bilingual(de="Forschung", en="research"),
        "component": Bilingual(de="Komponente", en="component"),
        "system": Bilingual(de="System", en="system"),
        "use": Bilingual(de="Anwendung", en="use"),
        "ai": Bilingual(de="Künstliche Intelligenz", en="artificial intelligence"),
    },
    fields={
        "health": Bilingual(de="Gesundheit", en="health"),
        "mobility": Bilingual(de="Mobilität", en="mobility"),
    },
    topics={"reuse": Bilingual(de="Wiederverwendung", en="reuse")},
    stages=STAGES,
)
FIELDS = ("health", "mobility", "energy", "culture")
TEXTS = (
    "",
    "Sensorik für Getriebe",
    "Recycling von Faserverbundwerkstoffen",
    "Künstliche Intelligenz in der Pflege",
    "Wasserstoff aus Elektrolyse",
)


def prepared(
    profiles: Iterable[Profile], *, audience: Confidentiality = "clusters", **options: Any
) -> Prepared:
    """A world made ready with the usual weights, vocabulary and day."""
    defaults: Mapping[str, Any] = {"weights": Weights(), "vocabulary": VOCABULARY, "today": TODAY}
    return prepare(list(profiles), audience=audience, **{**defaults, **options})


def all_pairs(made: Prepared) -> tuple[IntArray, IntArray]:
    """Rows of all pairs of different profiles."""
    u, v = np.indices((len(made.profiles),) * 2).reshape(2, -1)
    return u[u != v], v[u != v]


def lists(
    profiles: Iterable[Profile], *, audience: Confidentiality = "clusters", **options: Any
) -> dict[int, tuple[PairResult, ...]]:
    """Suggestions with the usual weights, vocabulary and day."""
    defaults: Mapping[str, Any] = {"weights": Weights(), "vocabulary": VOCABULARY, "today": TODAY}
    return suggest_partners(list(profiles), audience=audience, **{**defaults, **options})


def find(results: dict[int, tuple[PairResult, ...]], u: int, v: int) -> PairResult:
    """The suggestion of v on the list of u."""
    return next(result for result in results[u] if result.v == v)


def _subset(values: Iterable[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(tuple(values)), max_size=3)


@st.composite
def _statements(draw: st.DrawFn, base: int) -> tuple[Statement, ...]:
    count = draw(st.integers(0, 2))
    return tuple(
        Statement(
            id=base + index,
            text_de=draw(st.sampled_from(TEXTS)),
            terms=draw(_subset(("ai", "sensors", "hydrogen"))),
            confidentiality=draw(st.sampled_from(("public", "clusters", "staff"))),
            valid_until=draw(st.sampled_from((None, date(2020, 1, 1), date(2030, 1, 1)))),
        )
        for index in range(count)
    )


@st.composite
def worlds(draw: st.DrawFn, *, least: int = 0) -> list[Profile]:
    """Up to eight profiles with whatever gaps."""
    count = draw(st.integers(least, 8))
    return [
        Profile(
            id=number,
            fields=draw(_subset(FIELDS)),
            sectors=draw(_subset(("C", "J", "M"))),
            stages=draw(_subset(STAGES)),
            terms=draw(_subset(("ai", "sensors", "lasers"))),
            cross_cutting_terms=draw(_subset(("ai", "security"))),
            followed_topics=draw(_subset(("reuse", "care"))),
            needs=draw(_statements(number * 100)),
            offers=draw(_statements(number * 100 + 50)),
            text_de=draw(st.sampled_from(TEXTS)),
            text_en=draw(st.sampled_from(("", "hydrogen from electrolysis"))),
            cooperations=draw(st.dictionaries(st.integers(1, 12), st.integers(0, 3), max_size=3)),
            events_attended=draw(st.frozensets(st.integers(1, 4), max_size=3)),
            agreed_to_be_suggested=draw(st.booleans()),
        )
        for number in range(1, count + 1)
    ]
