"""Evidence and results for the selected pairs: the only place that loops over pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.engine.pair import DECIMALS, PairScores
from matching.engine.parts import NEED_ANSWERED, Block
from matching.engine.profile import (
    COMPETITION_FACTOR,
    PART_NAMES,
    PartName,
    Profile,
    Vocabulary,
    Weights,
)
from matching.engine.reasons import counter_sentences, reason_sentences
from matching.engine.results import Facts, NeedMatch, PairResult


@dataclass(frozen=True, slots=True)
class _Direction:
    """What one direction u→v of a selected pair rests on."""

    parts: dict[PartName, float]
    neutral: tuple[PartName, ...]
    matches: tuple[NeedMatch, ...]


def collect_results(
    scores: PairScores,
    chosen: Sequence[tuple[int, ...]],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    block_size: int,
) -> dict[int, tuple[PairResult, ...]]:
    """Results of the chosen columns for each row, with parts, facts and sentences.

    The blocks that hold a chosen pair are computed a second time, because keeping every part of
    every pair would cost six more matrices.
    """
    directions = _directions(scores, chosen, block_size)
    results: dict[int, tuple[PairResult, ...]] = {}
    for u, columns in enumerate(chosen):
        results[scores.profiles[u].id] = tuple(
            _result(scores, u, v, rank, directions, weights, vocabulary)
            for rank, v in enumerate(columns, start=1)
        )
    return results


def _directions(
    scores: PairScores, chosen: Sequence[tuple[int, ...]], block_size: int
) -> dict[tuple[int, int], _Direction]:
    """Both directions of every chosen pair."""
    targets: list[set[int]] = [set(columns) for columns in chosen]
    for u, columns in enumerate(chosen):
        for v in columns:
            targets[v].add(u)
    found: dict[tuple[int, int], _Direction] = {}
    for start in range(0, len(targets), block_size):
        stop = min(start + block_size, len(targets))
        if any(targets[start:stop]):
            block = scores.parts.block(start, stop)
            for u in range(start, stop):
                for v in sorted(targets[u]):
                    found[u, v] = _direction(scores, block, u, v)
    return found


def _direction(scores: PairScores, block: Block, u: int, v: int) -> _Direction:
    row = u - block.start
    return _Direction(
        parts={name: round(float(block.parts[name][row, v]), DECIMALS) for name in PART_NAMES},
        neutral=tuple(
            name for name in PART_NAMES if name in block.neutral and block.neutral[name][row, v]
        ),
        matches=_matches(scores, block, u, v),
    )


def _matches(scores: PairScores, block: Block, u: int, v: int) -> tuple[NeedMatch, ...]:
    """Needs of u with the best offer of v, where it is good enough; best first."""
    needs, offers = scores.parts.needs, scores.parts.offers
    first_need, last_need = needs.bounds[u], needs.bounds[u + 1]
    first_offer, last_offer = offers.bounds[v], offers.bounds[v + 1]
    if first_need == last_need or first_offer == last_offer:
        return ()
    above = needs.bounds[block.start]
    cells = block.answers[first_need - above : last_need - above, first_offer:last_offer]
    found: list[NeedMatch] = []
    for offset, best in enumerate(cells.argmax(axis=1)):
        similarity = round(float(cells[offset, best]), DECIMALS)
        if similarity >= NEED_ANSWERED:
            need = needs.statements[first_need + offset]
            offer = offers.statements[first_offer + best]
            found.append(
                NeedMatch(
                    need_id=need.id,
                    offer_id=offer.id,
                    similarity=similarity,
                    need_text=need.text(),
                    offer_text=offer.text(),
                    shared_terms=tuple(sorted(need.terms & offer.terms)),
                )
            )
    return tuple(sorted(found, key=lambda match: (-match.similarity, match.need_id)))


def _result(
    scores: PairScores,
    u: int,
    v: int,
    rank: int,
    directions: dict[tuple[int, int], _Direction],
    weights: Weights,
    vocabulary: Vocabulary,
) -> PairResult:
    forward, backward = directions[u, v], directions[v, u]
    facts = _facts(scores, u, v, forward, backward, vocabulary)
    score = float(scores.score[u, v])
    exposure = float(scores.exposure_factor[v])
    return PairResult(
        u=scores.profiles[u].id,
        v=scores.profiles[v].id,
        rank=rank,
        score=score,
        listed_score=round(score * exposure, DECIMALS),
        benefit_forward=float(scores.benefit[u, v]),
        benefit_backward=float(scores.benefit[v, u]),
        competition_factor=COMPETITION_FACTOR if facts.competing else 1.0,
        exposure_factor=exposure,
        parts_forward=forward.parts,
        parts_backward=backward.parts,
        reasons=reason_sentences(facts, vocabulary),
        counter_reasons=counter_sentences(facts),
        facts=facts,
        weights_version=weights.version,
    )


def _facts(
    scores: PairScores,
    u: int,
    v: int,
    forward: _Direction,
    backward: _Direction,
    vocabulary: Vocabulary,
) -> Facts:
    one, other = scores.profiles[u], scores.profiles[v]
    shared_fields = tuple(sorted(one.fields & other.fields))
    apart = bool(one.fields and other.fields) and not shared_fields
    return Facts(
        needs_answered=forward.matches,
        offers_wanted=backward.matches,
        stage_steps=_stage_steps(one, other, vocabulary),
        shared_cross_cutting=tuple(sorted(one.cross_cutting_terms & other.cross_cutting_terms)),
        shared_topics=tuple(sorted(one.followed_topics & other.followed_topics)),
        shared_terms=tuple(
            sorted((one.terms & other.terms) - one.cross_cutting_terms - other.cross_cutting_terms)
        ),
        shared_fields=shared_fields,
        shared_sectors=tuple(sorted(one.sectors & other.sectors)),
        other_fields=tuple(sorted(other.fields)) if apart else (),
        joint_projects=scores.parts.joint_projects(u, v),
        common_partners=scores.parts.common_partners(u, v),
        common_events=tuple(sorted(one.events_attended & other.events_attended)),
        competing=bool(scores.competing[u, v]),
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
