"""The formula of docs/matching.md written plainly, in double precision and with whole matrices.

The engine computes the same without whole matrices; the tests compare the two.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.engine.profile import (
    COMPETITION_FACTOR,
    PART_NAMES,
    Bilingual,
    Confidentiality,
    PartName,
    Profile,
    Statement,
    Vocabulary,
    Weights,
    prepare_profiles,
)

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
SparseMatrix: TypeAlias = Any
COMMON_SHARE: Final = 0.1
COMMON_AT_LEAST: Final = 20
"""Character n-grams in more texts than this (and than the share) are left out."""


class TextIndex:
    """TF-IDF vectors of two lists of texts, comparable blockwise.

    The vectors of both lists come from one fit for each language, so a word is as rare among needs
    as among offers.
    """

    def __init__(self, left: Sequence[Bilingual], right: Sequence[Bilingual] | None = None) -> None:
        """Without `right` the left texts are compared with each other."""
        texts = [*left, *(right or ())]
        self._right_count = len(left) if right is None else len(right)
        right_from = 0 if right is None else len(left)
        self._pairs: list[tuple[SparseMatrix, SparseMatrix]] = []
        for vectors in (_vectors([t["de"] for t in texts]), _vectors([t["en"] for t in texts])):
            if vectors is not None:
                self._pairs.append((vectors[: len(left)], vectors[right_from:].T.tocsr()))

    def block(self, start: int, stop: int) -> FloatArray:
        """Cosines of left texts [start, stop) with all right texts; the better language counts."""
        best = np.zeros((stop - start, self._right_count))
        for left, right in self._pairs:
            np.maximum(best, (left[start:stop] @ right).toarray(), out=best)
        return np.clip(best, 0.0, 1.0)


class Incidence:
    """Which row holds which key, as a sparse 0/1 matrix with shared columns for two lists."""

    def __init__(
        self,
        left: Sequence[Collection[str] | Collection[int]],
        right: Sequence[Collection[str] | Collection[int]] | None = None,
    ) -> None:
        keys = {key for row in (*left, *(right or ())) for key in row}
        columns = {key: index for index, key in enumerate(sorted(keys, key=str))}
        self.left = _incidence(left, columns)
        self._right = self.left if right is None else _incidence(right, columns)
        self._right_transposed = self._right.T.tocsr()

    def document_frequency(self) -> FloatArray:
        """In how many left rows each key occurs."""
        return np.asarray(self.left.sum(axis=0), dtype=float).ravel()

    def sizes(self, weight: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
        """Weighted number of keys of each left row and of each right row."""
        weights = np.ones(self.left.shape[1]) if weight is None else weight
        return np.asarray(self.left @ weights), np.asarray(self._right @ weights)

    def shared(self, start: int, stop: int, weight: FloatArray | None = None) -> FloatArray:
        """Weighted number of keys that left rows [start, stop) share with every right row."""
        rows = self.left[start:stop]
        if weight is not None:
            rows = rows.multiply(weight).tocsr()
        return np.asarray((rows @ self._right_transposed).toarray(), dtype=float)

    def jaccard(self, start: int, stop: int, weight: FloatArray | None = None) -> FloatArray:
        """Weighted overlap divided by weighted union; 0 where both rows are empty."""
        shared = self.shared(start, stop, weight)
        left, right = self.sizes(weight)
        union = left[start:stop, None] + right[None, :] - shared
        return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def inverse_document_frequency(document_frequency: FloatArray, count: int) -> FloatArray:
    """ln((1+n)/(1+df))+1, so that a key everybody has still counts a little."""
    return np.asarray(np.log((1 + count) / (1 + document_frequency)) + 1)


def _vectors(texts: list[str]) -> SparseMatrix | None:
    """One unit vector a text, as rows; None where nothing tells them apart."""
    # Imported here because it takes a second and a web process never needs it.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    if not any(text.strip() for text in texts):
        return None
    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, norm=None
    )
    vectors = vectorizer.fit_transform(texts).tocsc()
    in_texts = vectors.getnnz(axis=0)
    # Syllables found everywhere tell nothing apart, yet they are most of the work.
    telling = np.flatnonzero(in_texts <= max(COMMON_AT_LEAST, COMMON_SHARE * len(texts)))
    return normalize(vectors[:, telling].tocsr()) if telling.size else None


def _incidence(
    rows: Sequence[Collection[str] | Collection[int]], columns: dict[str | int, int]
) -> SparseMatrix:
    from scipy.sparse import csr_matrix

    indices = [column for row in rows for column in sorted(columns[key] for key in row)]
    pointers = np.concatenate(([0], np.cumsum([len(row) for row in rows], dtype=int)))
    return csr_matrix(
        (np.ones(len(indices)), np.asarray(indices, dtype=int), pointers),
        shape=(len(rows), max(len(columns), 1)),
    )


NEUTRAL: Final = 0.25
NEED_ANSWERED: Final = 0.35
"""From this similarity on an offer counts as answering a need, in sentences and for competition."""
COSINE_NOISE: Final = 0.05
COSINE_SAME: Final = 0.50
"""Short texts on different matters reach about .05, on the same matter about .5."""
SHARED_TERMS_EVIDENCE: Final = 0.6
FARTHER_STAGE: Final = 0.5
OVERLAP_BEST_FROM: Final = 0.25
OVERLAP_BEST_TO: Final = 0.50
OVERLAP_FULL: Final = 0.3
NO_OVERLAP_WITH_BRIDGE: Final = 0.5
TEXT_SCALE_AT_LEAST: Final = 0.2
TRUST_TOP_AT_LEAST: Final = 2.0
"""Row maxima below this are not stretched: the best of only weak likenesses stays weak."""
EVENT_TRUST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Block:
    """Parts for rows [start, stop): each array has one row a profile and one column a profile.

    `neutral` marks the cells without data, `answered` where v answers at least one need of u;
    `answers` has one row for each need of the block and one column for each offer.
    """

    start: int
    parts: dict[PartName, FloatArray]
    neutral: dict[PartName, BoolArray]
    answered: BoolArray
    answers: FloatArray

    def benefit(self, weights: dict[PartName, float]) -> FloatArray:
        """The weighted sum of all parts."""
        total = np.zeros_like(self.parts["need"])
        for name in PART_NAMES:
            total += weights[name] * self.parts[name]
        return total


class DirectedParts:
    """All that can be prepared once; `block` then costs memory for one block only."""

    def __init__(self, profiles: Sequence[Profile], vocabulary: Vocabulary) -> None:
        self.profiles = profiles
        self._rows = {profile.id: row for row, profile in enumerate(profiles)}
        self.needs = StatementRows([p.needs for p in profiles])
        self.offers = StatementRows([p.offers for p in profiles])
        self._answer_texts = TextIndex(self.needs.texts(), self.offers.texts())
        self._answer_terms = Incidence(self.needs.terms(), self.offers.terms())
        self._stages = _stage_table(profiles, vocabulary)
        self._bridge = Incidence([_bridge_keys(p) for p in profiles])
        self._bridge_idf = inverse_document_frequency(
            self._bridge.document_frequency(), len(profiles)
        )
        self._home = Incidence([_home_keys(p) for p in profiles])
        self._texts = TextIndex([_profile_text(p, vocabulary) for p in profiles])
        self._events = Incidence([p.events_attended for p in profiles])
        self._joint_projects = _joint_projects(profiles)

    def block(self, start: int, stop: int) -> Block:
        """All parts from profiles [start, stop) to every profile."""
        parts: dict[PartName, FloatArray] = {}
        neutral: dict[PartName, BoolArray] = {}
        answers = self._answers(start, stop)
        best = self.offers.best_of_owner(answers)
        parts["need"], neutral["need"] = self._need(start, stop, best)
        parts["chain"], neutral["chain"] = self._chain(start, stop)
        parts["bridge"] = self._bridge.jaccard(start, stop, self._bridge_idf)
        parts["cross_innovation"], neutral["cross_innovation"] = self._cross_innovation(
            start, stop, parts["bridge"]
        )
        parts["text"] = self._text(start, stop)
        parts["trust"], neutral["trust"] = self._trust(start, stop)
        answered = self.needs.reduce_rows(np.maximum, best, start, stop, empty=0.0) >= NEED_ANSWERED
        return Block(start, parts, neutral, answered, answers)

    def joint_projects(self, u: int, v: int) -> int:
        """Number of joint projects of the profiles at rows u and v."""
        return self._joint_projects[u].get(self.profiles[v].id, 0)

    def common_partners(self, u: int, v: int) -> tuple[int, ...]:
        """Ids of those who have worked with both."""
        return tuple(sorted(self._joint_projects[u].keys() & self._joint_projects[v].keys()))

    def _answers(self, start: int, stop: int) -> FloatArray:
        """How well each offer answers each need of the block: text and shared terms.

        Either evidence suffices and both strengthen each other (probabilistic or).
        """
        first, last = self.needs.bounds[start], self.needs.bounds[stop]
        cosine = self._answer_texts.block(first, last)
        by_text = np.clip((cosine - COSINE_NOISE) / (COSINE_SAME - COSINE_NOISE), 0.0, 1.0)
        asked, _ = self._answer_terms.sizes()
        shared = self._answer_terms.shared(first, last)
        coverage = shared / np.maximum(asked[first:last, None], 1)
        return np.asarray(1 - (1 - by_text) * (1 - SHARED_TERMS_EVIDENCE * coverage))

    def _need(self, start: int, stop: int, best: FloatArray) -> tuple[FloatArray, BoolArray]:
        """How well the offers of v meet the needs of u: half the best one, half the mean of all.

        With the mean alone, whoever states a second need would make every partner look worse.
        Neutral where u states no need.
        """
        counts = np.diff(self.needs.bounds[start : stop + 1])[:, None]
        total = self.needs.reduce_rows(np.add, best, start, stop, empty=NEUTRAL)
        closest = self.needs.reduce_rows(np.maximum, best, start, stop, empty=NEUTRAL)
        unknown = np.broadcast_to(counts == 0, total.shape)
        return (closest + total / np.maximum(counts, 1)) / 2, unknown

    def _chain(self, start: int, stop: int) -> tuple[FloatArray, BoolArray]:
        """1 where v has a stage u lacks beside one of u's, .5 for a farther one, 0 for none."""
        table = self._stages
        mine = table[start:stop]
        beside = np.zeros_like(mine)
        beside[:, 1:] |= mine[:, :-1]
        beside[:, :-1] |= mine[:, 1:]
        neighbour = _touches(beside & ~mine, table)
        farther = _touches(~beside & ~mine, table)
        staged = np.asarray(table.any(axis=1))
        unknown = ~(staged[start:stop, None] & staged[None, :])
        part = np.where(neighbour, 1.0, np.where(farther, FARTHER_STAGE, 0.0))
        return np.where(unknown, NEUTRAL, part), unknown

    def _cross_innovation(
        self, start: int, stop: int, bridge: FloatArray
    ) -> tuple[FloatArray, BoolArray]:
        """Medium overlap of fields and sectors counts most: new ground at the edges."""
        overlap = self._home.jaccard(start, stop)
        foot = np.where(bridge > 0, NO_OVERLAP_WITH_BRIDGE, 0.0)
        rising = foot + (1 - foot) * overlap / OVERLAP_BEST_FROM
        falling = 1 - (1 - OVERLAP_FULL) * (overlap - OVERLAP_BEST_TO) / (1 - OVERLAP_BEST_TO)
        part = np.minimum(np.minimum(rising, falling), 1.0)
        sizes, _ = self._home.sizes()
        unknown = (sizes[start:stop, None] == 0) | (sizes[None, :] == 0)
        return np.where(unknown, NEUTRAL, part), unknown

    def _text(self, start: int, stop: int) -> FloatArray:
        """Likeness of the profile texts, scaled by the closest other profiles of both."""
        cosine = self._texts.block(0, len(self.profiles))
        np.fill_diagonal(cosine, 0.0)
        scale = np.maximum(cosine.max(axis=1, initial=0.0), TEXT_SCALE_AT_LEAST)
        return np.asarray(np.minimum(cosine / np.outer(scale, scale) ** 0.25, 1.0))[start:stop]

    def _trust(self, start: int, stop: int) -> tuple[FloatArray, BoolArray]:
        """Joint projects, events and common partners lift trust from neutral towards 1."""
        count = len(self.profiles)
        evidence = EVENT_TRUST * self._events.shared(0, count)
        # The way over a partner is as strong as the root of both ties.
        evidence += self._ways()
        for offset, cooperations in enumerate(self._joint_projects):
            for partner, number in cooperations.items():
                if partner in self._rows:
                    evidence[offset, self._rows[partner]] += number
        np.fill_diagonal(evidence, 0.0)
        strongest = evidence.max(axis=1, initial=0.0)
        much = np.sqrt(strongest * max(strongest.max(initial=0.0), TRUST_TOP_AT_LEAST))
        much = np.where(strongest > 0, much, 1.0)
        share = np.minimum(evidence / np.sqrt(np.outer(much, much)), 1.0)
        lifted = NEUTRAL + (1 - NEUTRAL) * np.sqrt(share)
        return np.asarray(lifted[start:stop]), np.asarray(evidence[start:stop] == 0)

    def _ways(self) -> FloatArray:
        """Ways over common partners: root of the ties of both, divided by ln(its links)."""
        partners = sorted({key for row in self._joint_projects for key in row})
        ties = np.array(
            [[row.get(key, 0) for key in partners] for row in self._joint_projects], dtype=float
        ).reshape(len(self.profiles), len(partners))
        links = np.maximum((ties > 0).sum(axis=0), 2)
        return np.asarray((np.sqrt(ties) / np.log(links)) @ np.sqrt(ties).T)


class StatementRows:
    """All statements in one row, grouped by owner: owner i holds [bounds[i], bounds[i+1])."""

    def __init__(self, groups: Sequence[tuple[Statement, ...]]) -> None:
        self.statements = [statement for group in groups for statement in group]
        sizes = [len(group) for group in groups]
        self.bounds = np.concatenate(([0], np.cumsum(sizes, dtype=int)))

    def texts(self) -> list[Bilingual]:
        """Both languages of every statement."""
        return [statement.text() for statement in self.statements]

    def terms(self) -> list[frozenset[str]]:
        """The terms of every statement."""
        return [statement.terms for statement in self.statements]

    def best_of_owner(self, values: FloatArray) -> FloatArray:
        """Reduce the columns to the best value of each owner; 0 for one without a statement."""
        best = np.zeros((values.shape[0], len(self.bounds) - 1))
        # reduceat reads a wrong cell for an empty group, so only owners with statements take part.
        owners = np.flatnonzero(np.diff(self.bounds))
        if owners.size:
            best[:, owners] = np.maximum.reduceat(values, self.bounds[:-1][owners], axis=1)
        return best

    def reduce_rows(
        self, reduction: np.ufunc, values: FloatArray, start: int, stop: int, *, empty: float
    ) -> FloatArray:
        """Reduce rows, one a statement of owners [start, stop), to one row for each owner."""
        reduced = np.full((stop - start, values.shape[1]), empty)
        owners = np.flatnonzero(np.diff(self.bounds[start : stop + 1]))
        if owners.size:
            firsts = self.bounds[start:stop][owners] - self.bounds[start]
            reduced[owners] = reduction.reduceat(values, firsts, axis=0)
        return reduced


def _touches(wanted: BoolArray, offered: BoolArray) -> BoolArray:
    """Whether any wanted stage of a row is offered by a column."""
    return np.asarray(wanted.astype(float) @ offered.T.astype(float) > 0)


def _stage_table(profiles: Sequence[Profile], vocabulary: Vocabulary) -> BoolArray:
    """Profiles by stages. Raises ValueError for a stage that the vocabulary does not order."""
    columns = {stage: index for index, stage in enumerate(vocabulary.stages)}
    table = np.zeros((len(profiles), max(len(columns), 1)), dtype=bool)
    for row, profile in enumerate(profiles):
        unknown = profile.stages - columns.keys()
        if unknown:
            raise ValueError(f"Stages missing in the vocabulary: {', '.join(sorted(unknown))}.")
        table[row, [columns[stage] for stage in profile.stages]] = True
    return table


def _bridge_keys(profile: Profile) -> set[str]:
    """Cross-cutting technologies and followed topics, kept apart by a prefix."""
    terms = {f"term:{key}" for key in profile.cross_cutting_terms}
    return terms | {f"topic:{key}" for key in profile.followed_topics}


def _home_keys(profile: Profile) -> set[str]:
    """Innovation fields and sectors, kept apart by a prefix."""
    return {f"field:{key}" for key in profile.fields} | {f"sector:{key}" for key in profile.sectors}


def _profile_text(profile: Profile, vocabulary: Vocabulary) -> Bilingual:
    """The profile text followed by the labels of its terms, which exist in both languages."""
    labels = [vocabulary.term(key) for key in sorted(profile.terms)]
    german = profile.text_de or profile.text_en
    english = profile.text_en or profile.text_de
    return {
        "de": " ".join([german, *(label["de"] for label in labels)]),
        "en": " ".join([english, *(label["en"] for label in labels)]),
    }


def _joint_projects(profiles: Sequence[Profile]) -> list[dict[int, int]]:
    """Partner id to joint projects for each profile; what one side states holds for both."""
    table: dict[int, dict[int, int]] = {p.id: {} for p in profiles}
    for profile in profiles:
        for partner, count in profile.cooperations.items():
            if count <= 0 or partner == profile.id:
                continue
            for mine, other in ((profile.id, partner), (partner, profile.id)):
                if mine in table:
                    table[mine][other] = max(count, table[mine].get(other, 0))
    return [table[p.id] for p in profiles]


EXPOSURE_EXPONENT: Final = 0.1
DECIMALS: Final = 6
"""Scores are rounded before they are compared, so block size and library never decide a tie."""
BLOCK_SIZE: Final = 256


@dataclass(frozen=True, slots=True)
class PairScores:
    """Scores of all pairs; rows and columns follow `profiles`, which are ordered by id.

    Holds three matrices of n² values (17 bytes a pair: 68 MB for 2,000 profiles); everything else
    is computed block by block and forgotten.
    """

    profiles: Sequence[Profile]
    parts: DirectedParts
    benefit: FloatArray
    """b(u→v), row u, column v."""
    score: FloatArray
    """The symmetric pair score after competition damping; 0 on the diagonal."""
    competing: BoolArray
    exposure_factor: FloatArray
    """One figure a profile: below 1 for one that fits everybody, above 1 for a rarely seen one."""


def score_pairs(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    block_size: int = BLOCK_SIZE,
) -> PairScores:
    """Score every pair from what `audience` may know on `today`.

    Raises ValueError for a doubled profile id or a stage that the vocabulary does not order.
    """
    seen = prepare_profiles(profiles, audience=audience, today=today)
    parts = DirectedParts(seen, vocabulary)
    count = len(seen)
    benefit = np.zeros((count, count))
    answered = np.zeros((count, count), dtype=bool)
    weight_of = weights.as_dict()
    for start in range(0, count, block_size):
        stop = min(start + block_size, count)
        block = parts.block(start, stop)
        benefit[start:stop] = np.round(block.benefit(weight_of), DECIMALS)
        answered[start:stop] = block.answered
    np.fill_diagonal(benefit, 0.0)
    competing = _same_focus(seen) & ~answered & ~answered.T
    score = harmonic_mean(benefit, benefit.T)
    score[competing] *= COMPETITION_FACTOR
    score = np.round(score, DECIMALS)
    return PairScores(seen, parts, benefit, score, competing, _exposure_factor(score))


def harmonic_mean(forward: FloatArray, backward: FloatArray) -> FloatArray:
    """2ab/(a+b): a pair is worth as much as its weaker side allows; 0 where either is 0."""
    total = forward + backward
    product: FloatArray = 2 * forward * backward
    return np.asarray(np.divide(product, total, out=np.zeros_like(total), where=total > 0))


def _same_focus(profiles: Sequence[Profile]) -> BoolArray:
    """Same main field, same set of stages and a common sector. Missing data never accuses."""
    count = len(profiles)
    focus = _group_numbers(
        [(p.focus(), p.stages) if p.focus() and p.stages else None for p in profiles]
    )
    same = (focus[:, None] == focus[None, :]) & (focus >= 0)[:, None]
    sectors = sorted({key for p in profiles for key in p.sectors})
    table = np.array([[key in p.sectors for key in sectors] for p in profiles], dtype=float)
    if not sectors:
        return np.zeros((count, count), dtype=bool)
    same &= table @ table.T > 0
    np.fill_diagonal(same, False)
    return np.asarray(same)


def _group_numbers(keys: Sequence[object | None]) -> FloatArray:
    """The same number for equal keys, -1 for None."""
    numbers: dict[object, int] = {}
    return np.array(
        [-1 if key is None else numbers.setdefault(key, len(numbers)) for key in keys], dtype=float
    )


def _exposure_factor(score: FloatArray) -> FloatArray:
    """(mean of all / mean received by v)^0.25, so that nobody is on every list or on none."""
    received = score.sum(axis=0) / max(len(score) - 1, 1)
    typical = received.mean() if len(received) else 0.0
    ratio = np.divide(typical, received, out=np.ones_like(received), where=received > 0)
    return np.asarray(np.round(ratio**EXPOSURE_EXPONENT, DECIMALS))
