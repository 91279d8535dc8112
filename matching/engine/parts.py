"""The six parts of the directed benefit b(u→v), for a block of u against every v at once.

Every part lies in [0,1]. `NEUTRAL` stands where an entry is missing and nothing can be said:
a gap in the data is neither good nor bad. docs/matching.md gives the reasons for each figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.engine.profile import (
    PART_NAMES,
    Bilingual,
    PartName,
    Profile,
    Statement,
    Vocabulary,
)
from matching.engine.text import (
    FloatArray,
    Incidence,
    TextIndex,
    inverse_document_frequency,
)

BoolArray: TypeAlias = NDArray[np.bool_]

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
        self._partners = Incidence([row.keys() for row in self._joint_projects])
        # A partner shared by two profiles has at least two links, so the logarithm is never 0.
        links = np.maximum(self._partners.document_frequency(), 2)
        self._partner_weight = np.asarray(1 / np.log(links))

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
        """Likeness of the profile texts, scaled by the closest other profile of u."""
        cosine = self._texts.block(start, stop)
        cosine[np.arange(stop - start), np.arange(start, stop)] = 0.0
        scale = np.maximum(cosine.max(axis=1, initial=0.0), TEXT_SCALE_AT_LEAST)
        return np.asarray(cosine / scale[:, None])

    def _trust(self, start: int, stop: int) -> tuple[FloatArray, BoolArray]:
        """Joint projects, events and common partners lift trust from neutral towards 1."""
        evidence = EVENT_TRUST * self._events.shared(start, stop)
        evidence += self._partners.shared(start, stop, self._partner_weight)
        for offset, cooperations in enumerate(self._joint_projects[start:stop]):
            for partner, count in cooperations.items():
                if partner in self._rows:
                    evidence[offset, self._rows[partner]] += count
        lifted = NEUTRAL + (1 - NEUTRAL) * (1 - np.exp(-evidence / 2))
        return np.asarray(lifted), np.asarray(evidence == 0)


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
