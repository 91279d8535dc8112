"""Evidence and results for the selected pairs: the only place that loops over pairs."""

from collections.abc import Iterator
from dataclasses import dataclass

from matching.engine.pairs import Directed, PairFigures, pair_figures
from matching.engine.parts import NEED_ANSWERED
from matching.engine.preparation import DECIMALS, Prepared
from matching.engine.profile import PART_NAMES, PartName, Profile, Vocabulary
from matching.engine.reasons import counter_sentences, reason_sentences
from matching.engine.results import Facts, NeedMatch, PairResult
from matching.engine.text import IntArray


@dataclass(frozen=True, slots=True)
class _Direction:
    """What one direction u→v of a selected pair rests on."""

    parts: dict[PartName, float]
    neutral: tuple[PartName, ...]
    matches: tuple[NeedMatch, ...]


def collect_results(prepared: Prepared, u: IntArray, v: IntArray) -> Iterator[PairResult]:
    """Results of pairs of rows, in their order, with parts, facts and sentences; rank 0."""
    for figures in pair_figures(prepared, u, v):
        for at in range(len(figures.u)):
            yield _result(prepared, figures, at)


def need_match(prepared: Prepared, need: int, offer: int, similarity: float) -> NeedMatch:
    """A need and the offer that answers it, given their rows."""
    asked, offered = prepared.rows.needs.values[need], prepared.rows.offers.values[offer]
    return NeedMatch(
        need_id=asked.id,
        offer_id=offered.id,
        similarity=round(similarity, DECIMALS),
        need_text=asked.text(),
        offer_text=offered.text(),
        shared_terms=tuple(sorted(asked.terms & offered.terms)),
    )


def _direction(prepared: Prepared, directed: Directed, at: int) -> _Direction:
    return _Direction(
        parts={name: float(directed.parts[name][at]) for name in PART_NAMES},
        neutral=tuple(
            name for name in PART_NAMES if name in directed.neutral and directed.neutral[name][at]
        ),
        matches=_matches(prepared, directed, at),
    )


def _matches(prepared: Prepared, directed: Directed, at: int) -> tuple[NeedMatch, ...]:
    """Needs of u with the best offer of v, where it is good enough; best first."""
    answers = directed.answers
    found = [
        need_match(
            prepared, answers.needs[row], answers.offers[row], float(answers.similarity[row])
        )
        for row in range(answers.bounds[at], answers.bounds[at + 1])
        if answers.similarity[row] >= NEED_ANSWERED
    ]
    return tuple(sorted(found, key=lambda match: (-match.similarity, match.need_id)))


def _result(prepared: Prepared, figures: PairFigures, at: int) -> PairResult:
    u, v = int(figures.u[at]), int(figures.v[at])
    forward = _direction(prepared, figures.forward, at)
    backward = _direction(prepared, figures.backward, at)
    facts = _facts(prepared, u, v, forward, backward, bool(figures.competing[at]))
    score, exposure = float(figures.score[at]), float(prepared.exposure[v])
    factor = float(figures.factor[at])
    return PairResult(
        u=prepared.profiles[u].id,
        v=prepared.profiles[v].id,
        rank=0,
        score=score,
        listed_score=round(score * exposure, DECIMALS),
        benefit_forward=round(float(figures.forward.benefit[at]), DECIMALS),
        benefit_backward=round(float(figures.backward.benefit[at]), DECIMALS),
        competition_factor=factor,
        exposure_factor=exposure,
        parts_forward=forward.parts,
        parts_backward=backward.parts,
        reasons=reason_sentences(facts, prepared.vocabulary),
        counter_reasons=counter_sentences(facts),
        facts=facts,
        weights_version=prepared.weights.version,
    )


def _facts(
    prepared: Prepared, u: int, v: int, forward: _Direction, backward: _Direction, competing: bool
) -> Facts:
    one, other = prepared.profiles[u], prepared.profiles[v]
    shared_fields = tuple(sorted(one.fields & other.fields))
    apart = bool(one.fields and other.fields) and not shared_fields
    joint = prepared.joint
    return Facts(
        needs_answered=forward.matches,
        offers_wanted=backward.matches,
        stage_steps=_stage_steps(one, other, prepared.vocabulary),
        shared_cross_cutting=tuple(sorted(one.cross_cutting_terms & other.cross_cutting_terms)),
        shared_topics=tuple(sorted(one.followed_topics & other.followed_topics)),
        shared_terms=tuple(
            sorted((one.terms & other.terms) - one.cross_cutting_terms - other.cross_cutting_terms)
        ),
        shared_fields=shared_fields,
        shared_sectors=tuple(sorted(one.sectors & other.sectors)),
        other_fields=tuple(sorted(other.fields)) if apart else (),
        joint_projects=joint[one.id].get(other.id, 0),
        common_partners=tuple(sorted(joint[one.id].keys() & joint[other.id].keys())),
        common_events=tuple(sorted(one.events_attended & other.events_attended)),
        competing=competing,
        damped=competing and one.competition_damping and other.competition_damping,
        neutral_forward=forward.neutral,
        neutral_backward=backward.neutral,
    )


def _stage_steps(
    one: Profile, other: Profile, vocabulary: Vocabulary
) -> tuple[tuple[str, str], ...]:
    """Pairs of neighbouring stages, the second one held by the other side and lacking here."""
    order = vocabulary.stages
    return tuple(
        (mine, theirs)
        for at, mine in enumerate(order)
        if mine in one.stages
        for theirs in (*order[max(at - 1, 0) : at], *order[at + 1 : at + 2])
        if theirs in other.stages and theirs not in one.stages
    )
