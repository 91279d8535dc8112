"""Profiles as tables of figures: what is frozen for a whole world, and one row for each profile."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.parts import chain_table
from matching.engine.profile import Bilingual, Profile, Statement, Vocabulary
from matching.engine.tables import Rows, Statements, WordArray
from matching.engine.text import (
    BoolArray,
    Float32Array,
    Ngrams,
    SparseMatrix,
    both_languages,
)
from matching.engine.vectors import Vector, Vectors, VectorScale

BITS = 64
STATEMENT_NGRAMS = 64
PROFILE_NGRAMS = 128
"""Where there are more than 5,000 texts, so many of the most telling n-grams of each are kept."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was learnt from a whole world and stays as it is until the next round.

    Rarity of n-grams, terms and topics, weight of common partners, numbers for sets of stages, and
    how cosines of the text model are read.
    """

    vocabulary: Vocabulary
    count: int
    statement_ngrams: tuple[Ngrams, ...]
    profile_ngrams: tuple[Ngrams, ...]
    bridge: Mapping[str, int]
    bridge_idf: NDArray[np.float64]
    home: Mapping[str, int]
    terms: Mapping[str, int]
    sectors: Mapping[str, int]
    fields: Mapping[str, int]
    events: Mapping[int, int]
    partners: Mapping[int, int]
    partner_weight: NDArray[np.float64]
    stages: tuple[frozenset[str], ...]
    chain: Float32Array
    chain_unknown: BoolArray
    focus: Mapping[tuple[frozenset[str], frozenset[str]], int]
    vector_scale: VectorScale | None

    def knowing(self, profile: Profile) -> "Frozen":
        """The same with numbers for the profile's stages and focus, if these are new."""
        stages, focus = self.stages, dict(self.focus)
        key = _focus_key(profile)
        if key is not None:
            focus.setdefault(key, len(focus))
        if profile.stages in stages and len(focus) == len(self.focus):
            return self
        if profile.stages not in stages:
            stages = (*stages, profile.stages)
        chain, unknown = chain_table(stages, self.vocabulary.stages)
        return replace(self, stages=stages, chain=chain, chain_unknown=unknown, focus=focus)

    def rows(
        self,
        profiles: Sequence[Profile],
        partners: Sequence[Mapping[int, float]],
        vectors: Vectors | None,
    ) -> Rows:
        """The tables of profiles; `partners` holds the strengths of their ties."""
        texts = both_languages([profile_text(p, self.vocabulary) for p in profiles])
        of_needs, of_offers = (vectors.needs, vectors.offers) if vectors else ({}, {})
        return self.table(
            profiles,
            partners,
            texts=_in_each(self.profile_ngrams, texts),
            needs=self.statements([p.needs for p in profiles], of_needs),
            offers=self.statements([p.offers for p in profiles], of_offers),
        )

    def table(
        self,
        profiles: Sequence[Profile],
        partners: Sequence[Mapping[int, float]],
        *,
        texts: tuple[SparseMatrix, ...],
        needs: Statements,
        offers: Statements,
    ) -> Rows:
        """As `rows`, where the texts have been turned into vectors already."""
        bridge_keys = [bridge_keys_of(p) for p in profiles]
        home_keys = [home_keys_of(p) for p in profiles]
        numbers = {group: number for number, group in enumerate(self.stages)}
        bridge = incidence(bridge_keys, self.bridge)
        bridge.data = self.bridge_idf[bridge.indices]
        unheard = np.log((1 + self.count) / 2) + 1
        sizes = np.asarray(bridge.sum(axis=1)).ravel()
        sizes += [unheard * len(keys - self.bridge.keys()) for keys in bridge_keys]
        focus = [_focus_key(p) for p in profiles]
        return Rows(
            ids=np.array([p.id for p in profiles], dtype=np.int64),
            agreed=np.array([p.agreed_to_be_suggested for p in profiles], dtype=bool),
            damped=np.array([p.competition_damping for p in profiles], dtype=bool),
            stages=np.array([numbers[p.stages] for p in profiles], dtype=np.int64),
            focus=np.array([-1 if k is None else self.focus[k] for k in focus], dtype=np.int32),
            sectors=bit_rows([p.sectors for p in profiles], self.sectors),
            fields=bit_rows([p.fields for p in profiles], self.fields),
            bridge=bridge.astype(np.float32),
            bridge_size=sizes.astype(np.float32),
            home=incidence(home_keys, self.home).astype(np.float32),
            home_size=np.array([len(keys) for keys in home_keys], dtype=np.float32),
            events=incidence([p.events_attended for p in profiles], self.events),
            partners=tie_rows(partners, self.partners, self.partner_weight),
            texts=texts,
            needs=needs,
            offers=offers,
        )

    def statements(
        self, groups: Sequence[tuple[Statement, ...]], vectors: Mapping[int, Any] | None
    ) -> Statements:
        """Needs or offers of profiles, with vectors where there are any."""
        texts = both_languages([s.text() for group in groups for s in group])
        return self.stacked(groups, _in_each(self.statement_ngrams, texts), vectors)

    def stacked(
        self,
        groups: Sequence[tuple[Statement, ...]],
        texts: tuple[SparseMatrix, ...],
        vectors: Mapping[int, Any] | None,
    ) -> Statements:
        """As `statements`, where the texts have been turned into vectors already."""
        values = tuple(s for group in groups for s in group)
        return Statements(
            values=values,
            bounds=np.concatenate(([0], np.cumsum([len(g) for g in groups], dtype=np.int64))),
            texts=texts,
            terms=incidence([s.terms for s in values], self.terms).astype(np.float32),
            asked=np.array([len(s.terms) for s in values], dtype=np.float32),
            vectors=self.vector_scale.table([*(s.id for s in values), -1], vectors or {})
            if self.vector_scale
            else None,
        )


def _in_each(ngrams: tuple[Ngrams, ...], texts: tuple[list[str], ...]) -> tuple[SparseMatrix, ...]:
    """Vectors in each language of the world; texts in one language count for both."""
    return tuple(
        one.vectors(texts[min(number, len(texts) - 1)]) for number, one in enumerate(ngrams)
    )


def learn(
    profiles: Sequence[Profile],
    partners: Sequence[Mapping[int, float]],
    vocabulary: Vocabulary,
    vectors: Vectors | None,
) -> tuple[Frozen, Rows]:
    """Learn a world from its profiles, and the table of these."""
    needs, offers = [p.needs for p in profiles], [p.offers for p in profiles]
    vectors = _of_these(vectors, needs, offers)
    said = [s.text() for group in (*needs, *offers) for s in group]
    statement_ngrams = tuple(
        Ngrams(texts, most_telling=STATEMENT_NGRAMS) for texts in both_languages(said)
    )
    profile_texts = both_languages([profile_text(p, vocabulary) for p in profiles])
    profile_ngrams = tuple(Ngrams(texts, most_telling=PROFILE_NGRAMS) for texts in profile_texts)
    bridge_keys = [bridge_keys_of(p) for p in profiles]
    bridge = _columns(bridge_keys)
    partner_columns = _columns(partners)
    stages = tuple(sorted({p.stages for p in profiles}, key=sorted))
    chain, unknown = chain_table(stages, vocabulary.stages)
    focus = sorted(
        {key for p in profiles if (key := _focus_key(p)) is not None},
        key=lambda key: [sorted(side) for side in key],
    )
    # A partner shared by two profiles has at least two links, so the logarithm is never 0.
    links = np.maximum(_frequency(partners, partner_columns), 2)
    frozen = Frozen(
        vocabulary=vocabulary,
        count=len(profiles),
        statement_ngrams=statement_ngrams,
        profile_ngrams=profile_ngrams,
        bridge=bridge,
        bridge_idf=np.log((1 + len(profiles)) / (1 + _frequency(bridge_keys, bridge))) + 1,
        home=_columns([home_keys_of(p) for p in profiles]),
        terms=_columns([s.terms for group in (*needs, *offers) for s in group]),
        sectors=_columns([p.sectors for p in profiles]),
        fields=_columns([p.fields for p in profiles]),
        events=_columns([p.events_attended for p in profiles]),
        partners=partner_columns,
        partner_weight=1 / np.log(links),
        stages=stages,
        chain=chain,
        chain_unknown=unknown,
        focus={key: number for number, key in enumerate(focus)},
        vector_scale=VectorScale.learn(vectors) if vectors else None,
    )
    count = sum(len(group) for group in needs)
    statement_texts = [ngrams.hand_over() for ngrams in statement_ngrams]
    rows = frozen.table(
        profiles,
        partners,
        texts=tuple(ngrams.hand_over() for ngrams in profile_ngrams),
        needs=frozen.stacked(
            needs, tuple(t[:count] for t in statement_texts), vectors.needs if vectors else None
        ),
        offers=frozen.stacked(
            offers, tuple(t[count:] for t in statement_texts), vectors.offers if vectors else None
        ),
    )
    return frozen, rows


def _of_these(
    vectors: Vectors | None,
    needs: Sequence[tuple[Statement, ...]],
    offers: Sequence[tuple[Statement, ...]],
) -> Vectors | None:
    """Only the vectors of statements that are there: hidden ones must leave no trace."""
    if vectors is None:
        return None

    def kept(
        groups: Sequence[tuple[Statement, ...]], table: Mapping[int, Vector]
    ) -> dict[int, Vector]:
        ids = (s.id for group in groups for s in group)
        return {one: table[one] for one in ids if one in table}

    return replace(
        vectors,
        needs=kept(needs, vectors.needs),
        offers=kept(offers, vectors.offers),
        profiles={},
    )


def incidence(rows: Sequence[Collection[Any]], columns: Mapping[Any, int]) -> SparseMatrix:
    """Which row holds which key, as a sparse 0/1 matrix; unknown keys are left out."""
    from scipy.sparse import csr_matrix

    found = [sorted(columns[key] for key in row if key in columns) for row in rows]
    pointers = np.concatenate(([0], np.cumsum([len(row) for row in found], dtype=np.int64)))
    indices = np.array([column for row in found for column in row], dtype=np.int64)
    shape = (len(rows), max(len(columns), 1))
    return csr_matrix((np.ones(len(indices)), indices, pointers), shape=shape)


def tie_rows(
    rows: Sequence[Mapping[int, float]], columns: Mapping[int, int], weight: NDArray[np.float64]
) -> SparseMatrix:
    """Roots of (strength of the tie · weight of the partner).

    The product of two rows is then the sum over common partners of √(both ties) / ln(links).
    """
    ties = incidence(rows, columns)
    held = [row[key] for row in rows for key in sorted(row) if key in columns]
    ties.data = np.sqrt(np.array(held, dtype=np.float64) * weight[ties.indices])
    return ties


def bit_rows(rows: Sequence[Collection[str]], columns: Mapping[str, int]) -> WordArray:
    """Sets as bits, in as many words of 64 as the keys need."""
    words = np.zeros((len(rows), max(-(-len(columns) // BITS), 1)), dtype=np.uint64)
    for row, keys in enumerate(rows):
        for key in keys & columns.keys():
            word, bit = divmod(columns[key], BITS)
            words[row, word] |= np.uint64(1 << bit)
    return words


def bridge_keys_of(profile: Profile) -> set[str]:
    """Cross-cutting technologies and followed topics, kept apart by a prefix."""
    terms = {f"term:{key}" for key in profile.cross_cutting_terms}
    return terms | {f"topic:{key}" for key in profile.followed_topics}


def home_keys_of(profile: Profile) -> set[str]:
    """Innovation fields and sectors, kept apart by a prefix."""
    return {f"field:{key}" for key in profile.fields} | {f"sector:{key}" for key in profile.sectors}


def profile_text(profile: Profile, vocabulary: Vocabulary) -> Bilingual:
    """The profile text followed by the labels of its terms, which exist in both languages."""
    labels = [vocabulary.term(key) for key in sorted(profile.terms)]
    german = profile.text_de or profile.text_en
    english = profile.text_en or profile.text_de
    return {
        "de": " ".join([german, *(label["de"] for label in labels)]),
        "en": " ".join([english, *(label["en"] for label in labels)]),
    }


def _focus_key(profile: Profile) -> tuple[frozenset[str], frozenset[str]] | None:
    """What must be the same for two to compete. Missing data never accuses."""
    focus = profile.focus()
    return (focus, profile.stages) if focus and profile.stages else None


def _columns(rows: Iterable[Collection[Any]]) -> dict[Any, int]:
    """A number for each key, in the order of the keys."""
    return {key: number for number, key in enumerate(sorted({key for row in rows for key in row}))}


def _frequency(rows: Sequence[Collection[Any]], columns: Mapping[Any, int]) -> NDArray[Any]:
    """In how many rows each key occurs."""
    return np.bincount(
        [columns[key] for row in rows for key in row], minlength=max(len(columns), 1)
    ).astype(np.float64)
