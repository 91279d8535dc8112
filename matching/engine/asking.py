"""Questions to a world: who answers a need, who should talk about a topic, whom to invite."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.engine.asked_sentences import need_answer_sentences, subject_sentences
from matching.engine.facts import need_match
from matching.engine.pairs import best_answers
from matching.engine.parts import (
    COSINE_NOISE,
    COSINE_SAME,
    NEED_ANSWERED,
    SHARED_TERMS_EVIDENCE,
    answer,
    scaled,
)
from matching.engine.preparation import Prepared, batches
from matching.engine.profile import Profile, Statement
from matching.engine.results import NeedAnswer, NeedMatch, SubjectFacts, SubjectFit
from matching.engine.tables import Statements
from matching.engine.text import BoolArray, FloatArray, IntArray, SparseMatrix
from matching.engine.vectors import Vector

ANSWERS: Final = 20
STANDS_FOR_TOPIC: Final = 0.6
OFFERS_IT: Final = 0.8
NEEDS_IT: Final = 0.6
WRITES_ABOUT_IT: Final = 0.5
SAME_FIELD: Final = 0.15
PARTNER_COMES: Final = 0.25
NEED_MET_THERE: Final = 0.5
"""How far each kind of evidence alone makes a profile one to talk or to come: expert settings."""
FIT_AT_LEAST: Final = 0.2
GOOD_PARTNER: Final = 1.25
"""So many times the average score make a pair worth meeting for."""
NAMED_PARTNERS: Final = 3
_LOOKED_AT: Final = 300


@dataclass(frozen=True, slots=True)
class Subject:
    """What a topic, an event or a call is about. Everything may be empty."""

    topics: frozenset[str] = frozenset()
    """Keys as in `Profile.followed_topics`."""
    terms: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    text_de: str = ""
    text_en: str = ""
    vector: Vector | None = None
    """Of the same model as the vectors of the world."""


def rank_for_need(
    prepared: Prepared,
    need: Statement,
    *,
    owner: int | None = None,
    vector: Vector | None = None,
    count: int = ANSWERS,
) -> tuple[NeedAnswer, ...]:
    """Offers that answer the need, one (the best) for each profile, best first.

    The need does not have to belong to the world, so a draft may be asked too. With `owner` its own
    offers and the excluded pairs of the owner are left out. Profiles that did not agree to be
    suggested are left out.
    """
    offers = prepared.rows.offers
    fit = _answers(prepared, need, vector, offers)
    fit = np.where(_may_be_named(prepared, owner)[_owners(offers)], fit, 0.0)
    best, at = _best_of_owner(fit, offers)
    found: list[NeedAnswer] = []
    for row in _first(best, prepared.rows.ids, count, NEED_ANSWERED):
        offered = offers.values[at[row]]
        match = NeedMatch(
            need_id=need.id,
            offer_id=offered.id,
            similarity=round(float(best[row]), 6),
            need_text=need.text(),
            offer_text=offered.text(),
            shared_terms=tuple(sorted(need.terms & offered.terms)),
        )
        found.append(
            NeedAnswer(
                profile=int(prepared.rows.ids[row]),
                rank=len(found) + 1,
                fit=match.similarity,
                match=match,
                reasons=need_answer_sentences(match, prepared.vocabulary),
            )
        )
    return tuple(found)


def rank_for_topic(
    prepared: Prepared, subject: Subject, *, count: int = ANSWERS
) -> tuple[SubjectFit, ...]:
    """Who should talk about the subject: stands for it, offers or needs it, writes about it.

    Profiles that did not agree to be suggested are left out.
    """
    fit, facts = _evidence(prepared, subject)
    fit = np.where(_may_be_named(prepared, None), fit, 0.0)
    rows = _first(fit, prepared.rows.ids, count, FIT_AT_LEAST)
    return _fits(prepared, rows, fit, [facts.of(row) for row in rows])


def rank_for_event(
    prepared: Prepared,
    subject: Subject,
    *,
    attending: Collection[int] = (),
    invited: Collection[int] = (),
    count: int = ANSWERS,
) -> tuple[SubjectFit, ...]:
    """Whom to invite because of what: the subject, good partners who come, needs met there.

    Neither who attends nor who is `invited` already is named again; unknown ids are ignored.
    Needs are compared with what is offered there for the best some hundred profiles.
    """
    fit, facts = _evidence(prepared, subject)
    there = _rows_of(prepared, attending)
    partners = _good_partners(prepared, there)
    number = np.minimum(partners.sum(axis=0), NAMED_PARTNERS)
    fit = 1 - (1 - fit) * (1 - PARTNER_COMES) ** number
    may = _may_be_named(prepared, None)
    may[there] = False
    may[_rows_of(prepared, invited)] = False
    fit = np.where(may, fit, 0.0)
    told: dict[int, SubjectFacts] = {}
    for row in _first(fit, prepared.rows.ids, _LOOKED_AT, 1e-9):
        matches = _needs_met(prepared, row, there)
        if matches:
            fit[row] = 1 - (1 - fit[row]) * (1 - NEED_MET_THERE)
        told[row] = replace(
            facts.of(row),
            partners_attending=tuple(
                int(prepared.rows.ids[at]) for at in there[partners[:, row]][:NAMED_PARTNERS]
            ),
            needs_answered_there=matches,
        )
    looked_at = np.where(np.isin(np.arange(len(fit)), list(told)), fit, 0.0)
    rows = _first(looked_at, prepared.rows.ids, count, FIT_AT_LEAST)
    return _fits(prepared, rows, fit, [told[row] for row in rows])


@dataclass(frozen=True, slots=True)
class _Facts:
    """What speaks for every profile, looked up only for those that are named."""

    prepared: Prepared
    subject: Subject
    offers: FloatArray
    needs: FloatArray
    text: FloatArray

    def of(self, row: int) -> SubjectFacts:
        profile, subject = self.prepared.profiles[row], self.subject
        return SubjectFacts(
            topics=tuple(sorted(profile.followed_topics & subject.topics)),
            terms=tuple(sorted(_all_terms(profile) & subject.terms)),
            fields=tuple(sorted(profile.fields & subject.fields)),
            offers=self._about_it(self.prepared.rows.offers, self.offers, row),
            needs=self._about_it(self.prepared.rows.needs, self.needs, row),
            close_text=bool(self.text[row] >= NEED_ANSWERED),
        )

    @staticmethod
    def _about_it(said: Statements, fit: FloatArray, row: int) -> tuple[int, ...]:
        rows = range(said.bounds[row], said.bounds[row + 1])
        about = [at for at in rows if fit[at] >= NEED_ANSWERED]
        return tuple(said.values[at].id for at in sorted(about, key=lambda at: (-fit[at], at)))


def _evidence(prepared: Prepared, subject: Subject) -> tuple[FloatArray, _Facts]:
    """How much speaks for each profile: either kind of evidence suffices, all strengthen."""
    rows, asked = prepared.rows, Statement(0, subject.text_de, subject.text_en, subject.terms)
    offers = _answers(prepared, asked, subject.vector, rows.offers)
    needs = _answers(prepared, asked, subject.vector, rows.needs)
    text = _profile_texts(prepared, asked)
    facts = _Facts(prepared, subject, offers, needs, text)
    profiles = prepared.profiles
    stands = np.array([bool(p.followed_topics & subject.topics) for p in profiles], dtype=float)
    named = np.array([len(_all_terms(p) & subject.terms) for p in profiles], dtype=float)
    near = np.array([bool(p.fields & subject.fields) for p in profiles], dtype=float)
    missing = np.ones(len(profiles))
    for weight, evidence in (
        (STANDS_FOR_TOPIC, stands),
        (SHARED_TERMS_EVIDENCE, named / max(len(subject.terms), 1)),
        (OFFERS_IT, _best_of_owner(offers, rows.offers)[0]),
        (NEEDS_IT, _best_of_owner(needs, rows.needs)[0]),
        (WRITES_ABOUT_IT, text),
        (SAME_FIELD, near),
    ):
        missing *= 1 - weight * evidence
    return 1 - missing, facts


def _answers(
    prepared: Prepared, asked: Statement, vector: Vector | None, said: Statements
) -> FloatArray:
    """How well each statement answers the one asked, by the same formula as in the lists."""
    frozen, scale = prepared.frozen, prepared.frozen.vector_scale
    one = frozen.statements([(asked,)], {} if vector is None else {asked.id: vector})
    text = scaled(_cosines(one.texts, said.texts), COSINE_NOISE, COSINE_SAME)
    if scale is not None and one.vectors is not None and said.vectors is not None:
        for start in range(0, len(text), 16_384):
            part = said.vectors[:-1][start : start + 16_384]
            mine = np.repeat(one.vectors[:1], len(part), axis=0)
            close = scaled(scale.cosines(mine, part), scale.noise, scale.same)
            text[start : start + len(part)] = np.maximum(text[start : start + len(part)], close)
    shared = np.asarray((one.terms @ said.terms.T).toarray(), dtype=np.float64)[0]
    return np.asarray(answer(text, shared / max(len(asked.terms), 1)))


def _profile_texts(prepared: Prepared, asked: Statement) -> FloatArray:
    texts = asked.text()
    one = tuple(
        ngrams.vectors([text])
        for ngrams, text in zip(
            prepared.frozen.profile_ngrams, (texts["de"], texts["en"]), strict=False
        )
    )
    return scaled(_cosines(one, prepared.rows.texts), COSINE_NOISE, COSINE_SAME)


def _cosines(one: tuple[SparseMatrix, ...], many: tuple[SparseMatrix, ...]) -> FloatArray:
    """Cosines of one text with many; the better language counts."""
    best = np.zeros(many[0].shape[0])
    for mine, others in zip(one, many, strict=True):
        np.maximum(best, (others @ mine.T).toarray()[:, 0], out=best)
    return best


def _all_terms(profile: Profile) -> frozenset[str]:
    said = (statement.terms for statement in (*profile.offers, *profile.needs))
    return profile.terms.union(profile.cross_cutting_terms, *said)


def _owners(said: Statements) -> IntArray:
    return np.repeat(np.arange(len(said.bounds) - 1), said.counts)


def _best_of_owner(fit: FloatArray, said: Statements) -> tuple[FloatArray, IntArray]:
    """The best figure of each owner, 0 without a statement, and where it stands."""
    best, at = np.zeros(len(said.bounds) - 1), np.zeros(len(said.bounds) - 1, dtype=np.int64)
    if len(fit):
        owners = _owners(said)
        order = np.lexsort((np.arange(len(fit)), -fit, owners))
        first = np.flatnonzero(np.diff(owners[order], prepend=-1))
        best[owners[order][first]], at[owners[order][first]] = fit[order][first], order[first]
    return best, at


def _first(fit: FloatArray, ids: IntArray, count: int, least: float) -> list[int]:
    """Rows of the best that reach a figure, ties to the lower id."""
    order = np.lexsort((ids, -np.round(fit, 9)))[:count]
    return [int(row) for row in order if fit[row] >= least]


def _rows_of(prepared: Prepared, ids: Collection[int]) -> IntArray:
    known = (prepared.row_of[one] for one in set(ids) if one in prepared.row_of)
    return np.array(sorted(known), dtype=np.int64)


def _may_be_named(prepared: Prepared, owner: int | None) -> BoolArray:
    """Who agreed and is neither the owner nor excluded for it."""
    may = prepared.rows.agreed.copy()
    if owner is not None and owner in prepared.row_of:
        row = prepared.row_of[owner]
        may[row] = False
        may[prepared.network.barred[[row]].indices] = False
    return may


def _good_partners(prepared: Prepared, there: IntArray) -> BoolArray:
    """Who of those who come is well worth meeting for whom: rows who come, columns all."""
    good = np.zeros((len(there), len(prepared.profiles)), dtype=bool)
    start = 0
    for batch in batches(there):
        left = prepared.row_set(batch)
        scores = [prepared.scores(left, right) for right in prepared.segments]
        # A profile with itself is NaN, which is never enough.
        good[start : start + len(batch)] = np.hstack(scores) >= GOOD_PARTNER * prepared.typical
        start += len(batch)
    barred = prepared.network.barred[there].tocoo()
    good[barred.row, barred.col] = False
    return good


def _needs_met(prepared: Prepared, row: int, there: IntArray) -> tuple[NeedMatch, ...]:
    """Needs of a profile that somebody who comes answers, each with the best offer."""
    answers = best_answers(prepared, np.full(len(there), row), there)
    found: dict[int, NeedMatch] = {}
    for at in np.lexsort((answers.offers, -answers.similarity)):
        need, similarity = int(answers.needs[at]), float(answers.similarity[at])
        if similarity >= NEED_ANSWERED and need not in found:
            found[need] = need_match(prepared, need, int(answers.offers[at]), similarity)
    return tuple(found.values())


def _fits(
    prepared: Prepared, rows: Sequence[int], fit: FloatArray, facts: Sequence[SubjectFacts]
) -> tuple[SubjectFit, ...]:
    return tuple(
        SubjectFit(
            profile=int(prepared.rows.ids[row]),
            rank=rank,
            fit=round(float(fit[row]), 6),
            facts=told,
            reasons=subject_sentences(told, prepared.profiles[row], prepared.vocabulary),
        )
        for rank, (row, told) in enumerate(zip(rows, facts, strict=True), start=1)
    )
