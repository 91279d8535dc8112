"""A made-up world of profiles that looks like the real ones, of any size, without a database.

Texts of 50 to 100 words and statements of 8 to 20 words from 4,000 compound words in each language,
frequent ones often and rare ones seldom, half of them from the field of the profile; 1 to 3 needs
and offers with up to 3 of 75 terms, 7 fields, 20 sectors, 6 stages, some joint projects and events.
A statement's vector is the sum of those of its words, and its cosines are spread as those of a
multilingual sentence encoder are: the median of unrelated ones is .06, the 99th percentile .33.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from matching.engine.profile import Bilingual, Profile, Statement, Vocabulary
from matching.engine.vectors import Vectors

DIMENSIONS = 512
FIELDS = tuple(f"field-{number}" for number in range(7))
SECTORS = tuple(f"sector-{number}" for number in range(20))
STAGES = tuple(f"stage-{number}" for number in range(6))
TERMS = tuple(f"term-{number}" for number in range(75))
TOPICS = tuple(f"topic-{number}" for number in range(30))
VOCABULARY = Vocabulary(
    terms={
        key: Bilingual(de=f"Begriff {key}", en=f"Term {key}") for key in (*TERMS, *STAGES, *SECTORS)
    },
    stages=STAGES,
)
WORDS = 4_000
_GERMAN_ENDS = ("", "ung", "keit", "er", "isch", "en", "technik", "system", "verfahren")
_ENGLISH_ENDS = ("", "ing", "ity", "er", "al", "s", " system", " process", "ment")


def make_world(number: int, seed: int = 4) -> tuple[list[Profile], Vectors]:
    """Profiles with ids from 1, and vectors of all needs and offers."""
    chance = np.random.default_rng(seed)
    german, english = _words(_GERMAN_ENDS, 1), _words(_ENGLISH_ENDS, 2)
    field_of = chance.integers(0, len(FIELDS), number)
    texts = _draw(chance, field_of, chance.integers(50, 101, number))
    needs, offers = chance.integers(1, 4, number), chance.integers(1, 4, number)
    owner = np.concatenate(
        (np.repeat(np.arange(number), needs), np.repeat(np.arange(number), offers))
    )
    said = _draw(chance, field_of[owner], chance.integers(8, 21, len(owner)))
    statements = [
        Statement(
            id=at + 1,
            text_de=" ".join(german[word] for word in said[at]),
            text_en=" ".join(english[word] for word in said[at]),
            terms=_pick(chance, TERMS, int(chance.integers(1, 4))),
            confidentiality="public",
        )
        for at in range(len(owner))
    ]
    need_ends, offer_ends = np.cumsum(needs), int(needs.sum()) + np.cumsum(offers)
    events = max(number // 25, 1)
    profiles = [
        Profile(
            id=at + 1,
            fields=frozenset({FIELDS[field_of[at]]})
            | _pick(chance, FIELDS, int(chance.integers(2))),
            sectors=_pick(chance, SECTORS, int(chance.integers(1, 4))),
            stages=_pick(chance, STAGES, int(chance.integers(1, 4))),
            terms=_pick(chance, TERMS, int(chance.integers(3, 8))),
            cross_cutting_terms=_pick(chance, TERMS[:12], int(chance.integers(0, 4))),
            followed_topics=_pick(chance, TOPICS, int(chance.integers(0, 3))),
            needs=tuple(statements[need_ends[at] - needs[at] : need_ends[at]]),
            offers=tuple(statements[offer_ends[at] - offers[at] : offer_ends[at]]),
            text_de=" ".join(german[word] for word in texts[at]),
            text_en=" ".join(english[word] for word in texts[at]),
            cooperations={
                int(partner) + 1: int(count)
                for partner, count in zip(
                    chance.integers(0, number, at % 4), chance.integers(1, 4, at % 4), strict=True
                )
                if partner != at
            },
            events_attended=frozenset(chance.integers(0, events, at % 3).tolist()),
        )
        for at in range(number)
    ]
    rows = _statement_vectors(chance, said)
    first = int(needs.sum())
    ids = [statement.id for statement in statements]
    return profiles, Vectors(
        needs=dict(zip(ids[:first], rows[:first], strict=True)),
        offers=dict(zip(ids[first:], rows[first:], strict=True)),
    )


def _words(ends: tuple[str, ...], seed: int) -> list[str]:
    """Words of one or two stems and an ending, as in technical German; all different."""
    chance = np.random.default_rng(seed)

    def pick(letters: str) -> str:
        return letters[int(chance.integers(len(letters)))]

    stems = [
        "".join(pick("bdfghklmnprstvwz") + pick("aeiou") for _ in range(chance.integers(1, 3)))
        + pick("lmnrstkf")
        for _ in range(700)
    ]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        first, second = (stems[int(at)] for at in chance.integers(0, len(stems), 2))
        end = ends[int(chance.integers(len(ends)))]
        words[(first + second if chance.random() < 0.6 else first) + end] = None
    return list(words)


def _draw(
    chance: np.random.Generator, field_of: NDArray[Any], lengths: NDArray[Any]
) -> list[NDArray[np.int64]]:
    """Numbers of words of each text; low ones come often, and half belong to the field."""
    total = int(lengths.sum())
    ranks = np.exp(chance.random(total) * np.log(WORDS)).astype(np.int64) - 1
    own = chance.random(total) < 0.5
    shift = np.repeat(field_of, lengths) * (WORDS // len(FIELDS))
    words = np.where(own, (ranks + shift + 300) % WORDS, ranks * 7 % WORDS)
    return np.split(words, np.cumsum(lengths)[:-1])


def _pick(chance: np.random.Generator, keys: tuple[str, ...], number: int) -> frozenset[str]:
    return frozenset(keys[at] for at in chance.integers(0, len(keys), number))


def _statement_vectors(
    chance: np.random.Generator, said: list[NDArray[np.int64]]
) -> NDArray[np.float32]:
    # Components that matter less and less, turned so that no axis shows it.
    spread = np.exp(-np.arange(DIMENSIONS) / 120)
    turn, _ = np.linalg.qr(chance.standard_normal((DIMENSIONS, DIMENSIONS)))
    words = (chance.standard_normal((WORDS, DIMENSIONS)) * spread) @ turn
    lengths = [len(one) for one in said]
    pointers = np.concatenate(([0], np.cumsum(lengths)))
    bag = csr_matrix(
        (np.ones(pointers[-1], dtype=np.float32), np.concatenate(said), pointers),
        shape=(len(said), WORDS),
    )
    rows = np.empty((len(said), DIMENSIONS), dtype=np.float32)
    for start in range(0, len(said), 8192):
        part = np.asarray(bag[start : start + 8192] @ words.astype(np.float32))
        rows[start : start + 8192] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return rows
