"""A world made ready once: whatever lists, explanations and questions rest on."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from matching.engine.features import Frozen, learn
from matching.engine.kernel import pair_scores, text_likeness
from matching.engine.layout import RowSet, Segment, evidence_of, row_set, scale_cells, segment
from matching.engine.parts import KNOWN_FROM_EVENTS, TEXT_SCALE_AT_LEAST, trust_reach
from matching.engine.profile import (
    Confidentiality,
    Profile,
    Vocabulary,
    Weights,
    prepare_profiles,
)
from matching.engine.tables import Rows, contiguous
from matching.engine.text import Float32Array, FloatArray, IntArray, SparseMatrix, one_thread
from matching.engine.vectors import Vectors

SMALLEST_BLOCK: Final = 512
LARGEST_BLOCK: Final = 2048
BLOCKS: Final = 20
"""Columns of a block: the fewer blocks, the less is looked up; but pairs inside one are scored
twice, so there are some. With the rows below its figures stay near the processor."""
ROWS_AT_ONCE: Final = 128
SMALL_WORLD: Final = 500
"""Up to so many profiles a change is followed by a whole new preparation: it takes a moment."""
EXPOSURE_EXPONENT: Final = 0.1
EXPOSURE_BY_ALL_UP_TO: Final = 4096
EXPOSURE_PANEL: Final = 512
"""In a world larger than the first figure, how well a profile fits in general is measured against
so many others, evenly spread over the ids: the mean is then known to one or two per cent."""
RARE_SHARE: Final = 0.25
"""The quarter that fits the others least counts as rarely seen."""
WIDE_SHARE: Final = 0.1
"""The tenth that fits the others best would fill most lists of a large world."""
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Network:
    """Who worked with whom, and what each profile shares with which other one."""

    joint: SparseMatrix
    """Strength of ties, profiles by profiles."""
    events: SparseMatrix
    """Events by profiles."""
    partners: SparseMatrix
    """Partners by profiles."""
    barred: SparseMatrix
    """Excluded pairs, profiles by profiles."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All profiles as `audience` may know them on `today`, ready to be asked. May be pickled.

    Inside, profiles stand in an order of their own, so that those with as many entries are
    neighbours; whatever is handed out speaks of ids.
    """

    weights: Weights
    vocabulary: Vocabulary
    audience: Confidentiality
    today: date
    excluded: frozenset[tuple[int, int]]
    profiles: tuple[Profile, ...]
    row_of: Mapping[int, int]
    joint: Mapping[int, Mapping[int, int]]
    """Partner id to number of joint projects, for each profile."""
    frozen: Frozen
    rows: Rows
    network: Network
    segments: tuple[Segment, ...]
    text_scale: Float32Array
    trust_scale: FloatArray
    """What evidence of trust is multiplied with on the side of each profile."""
    trust_top: float
    """The strongest evidence of all pairs."""
    exposure: FloatArray
    """One figure a profile: below 1 for one that fits everybody, above 1 for a rarely seen one."""
    typical: float
    """The score that a profile gets from the others on average, in units of the kernel."""
    rare_from: float
    """From this exposure figure on a profile counts as rarely seen."""
    wide_to: float
    """Up to this exposure figure a profile counts as fitting everybody."""
    kept: dict[Hashable, Any]
    """What was computed from this world already."""
    vectors: Vectors | None
    """The vectors handed in, in a small world only: it is prepared anew when a profile changes."""

    @property
    def ids(self) -> tuple[int, ...]:
        """Ids of all profiles, rising."""
        return tuple(sorted(self.row_of))

    def row_set(self, rows: IntArray) -> RowSet:
        """Some profiles, to be compared with segments."""
        table = self.rows.take(rows)
        network = self.network
        evidence = evidence_of(
            table,
            network.joint[contiguous(rows)],
            network.events,
            network.partners,
        )
        scale_cells(evidence, self.trust_scale[rows], self.trust_scale)
        return row_set(rows, table, evidence, self.text_scale[rows], self.frozen, self.weights)

    def scores(self, left: RowSet, right: Segment) -> Float32Array:
        """Scores of rows with a segment, in whole units; a profile with itself is NaN."""
        scale = self.text_scale[right.start : right.stop]
        found = pair_scores(left, right, scale, self.weights, self.frozen.vector_scale)
        itself = np.flatnonzero((left.rows >= right.start) & (left.rows < right.stop))
        found[itself, left.rows[itself] - right.start] = np.nan
        return found


def prepare(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    excluded: Iterable[tuple[int, int]] = (),
    vectors: Vectors | None = None,
    block_size: int | None = None,
) -> Prepared:
    """Make a world ready from what `audience` may know on `today`.

    `excluded` pairs (declined, parent and child, running joint project) are never suggested, in
    either direction. Vectors of entries above `audience` are ignored, as the entries are.
    Raises ValueError for a doubled profile id or a stage that the vocabulary does not order.
    """
    return measured(
        tabulated(
            profiles,
            weights=weights,
            vocabulary=vocabulary,
            audience=audience,
            today=today,
            excluded=excluded,
            vectors=vectors,
            block_size=block_size,
        )
    )


def tabulated(
    profiles: Collection[Profile],
    *,
    weights: Weights,
    vocabulary: Vocabulary,
    audience: Confidentiality,
    today: date,
    excluded: Iterable[tuple[int, int]],
    vectors: Vectors | None,
    block_size: int | None,
) -> Prepared:
    """The first half of `prepare`: tables of what each profile says, no pair looked at yet."""
    seen = prepare_profiles(profiles, audience=audience, today=today)
    joint = joint_projects(seen)
    # Neighbours with as many entries need no padding when statements are laid out in columns.
    seen.sort(key=lambda p: (len(p.offers), len(p.needs), p.id))
    ties = tie_strengths(seen, joint)
    partners = [ties[p.id] for p in seen]
    with one_thread():
        frozen, rows = learn(seen, partners, vocabulary, vectors)
    row_of = {profile.id: row for row, profile in enumerate(seen)}
    pairs = frozenset(excluded)
    size = block_size or min(max(len(seen) // BLOCKS, SMALLEST_BLOCK), LARGEST_BLOCK)
    starts = range(0, len(seen), size)
    linked = network(rows, row_of, ties, pairs)
    strongest = strongest_evidence(rows, linked, np.arange(len(seen)))
    top = float(strongest.max(initial=0))
    return Prepared(
        weights=weights,
        vocabulary=vocabulary,
        audience=audience,
        today=today,
        excluded=pairs,
        profiles=tuple(seen),
        row_of=row_of,
        joint=joint,
        frozen=frozen,
        rows=rows,
        network=linked,
        segments=tuple(
            segment(rows, start, min(start + size, len(seen)), frozen.vector_scale)
            for start in starts
        ),
        text_scale=np.ones(len(seen), dtype=np.float32),
        trust_scale=trust_reach(strongest, top),
        trust_top=top,
        exposure=np.ones(len(seen)),
        typical=0.0,
        rare_from=1.0,
        wide_to=0.0,
        kept={},
        vectors=vectors if len(seen) <= SMALL_WORLD else None,
    )


def measured(prepared: Prepared) -> Prepared:
    """The second half of `prepare`: text scales and exposure, which take pairs."""
    scaled = replace(prepared, text_scale=_text_scale(prepared.rows, prepared.segments), kept={})
    with one_thread():
        exposure, typical = _exposure(scaled)
    rare_from = float(np.quantile(exposure, 1 - RARE_SHARE)) if len(exposure) else 1.0
    wide_to = float(np.quantile(exposure, WIDE_SHARE)) if len(exposure) else 0.0
    return replace(
        scaled,
        exposure=exposure,
        typical=typical,
        rare_from=max(rare_from, 1.0),
        wide_to=min(wide_to, 1.0),
        kept={},
    )


def batches(rows: IntArray, size: int = ROWS_AT_ONCE) -> Iterator[IntArray]:
    """The rows, a few at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def joint_projects(profiles: Sequence[Profile]) -> dict[int, dict[int, int]]:
    """Partner id to joint projects for each profile; what one side states holds for both."""
    table: dict[int, dict[int, int]] = {p.id: {} for p in profiles}
    for profile in profiles:
        for partner, count in profile.cooperations.items():
            if count <= 0 or partner == profile.id:
                continue
            for mine, other in ((profile.id, partner), (partner, profile.id)):
                if mine in table:
                    table[mine][other] = max(count, table[mine].get(other, 0))
    return table


def tie_strengths(
    profiles: Iterable[Profile], joint: Mapping[int, Mapping[int, int]]
) -> Mapping[int, Mapping[int, float]]:
    """How close those are who have joint projects: as stated, else the number of projects."""
    stated = {profile.id: profile.ties for profile in profiles if profile.ties}
    if not stated:
        return joint
    none: Mapping[int, float] = {}
    return {
        one: {
            other: max(stated.get(one, none).get(other, 0), stated.get(other, none).get(one, 0))
            or count
            for other, count in partners.items()
        }
        for one, partners in joint.items()
    }


def strongest_evidence(rows: Rows, linked: Network, asked: IntArray) -> FloatArray:
    """The strongest evidence of trust that rows have with anybody else."""
    found = np.zeros(len(asked))
    for start in range(0, len(asked), SMALLEST_BLOCK):
        batch = asked[start : start + SMALLEST_BLOCK]
        evidence = evidence_of(
            rows.take(batch),
            linked.joint[contiguous(batch)],
            linked.events,
            linked.partners,
        ).tocoo()
        evidence.data[evidence.col == batch[evidence.row]] = 0
        found[start : start + len(batch)] = evidence.tocsr().max(axis=1).toarray().ravel()
    return found


def network(
    rows: Rows,
    row_of: Mapping[int, int],
    joint: Mapping[int, Mapping[int, float]],
    excluded: Collection[tuple[int, int]],
) -> Network:
    """What profiles did together, and who must not be suggested to whom."""
    cells = [
        (row_of[one], row_of[other], count)
        for one, partners in joint.items()
        for other, count in partners.items()
        if other in row_of
    ]
    return Network(
        joint=square(cells, len(row_of)),
        events=rows.events.T.tocsr(),
        partners=rows.partners.T.tocsr(),
        barred=barred_pairs(row_of, excluded),
    )


def barred_pairs(row_of: Mapping[int, int], excluded: Collection[tuple[int, int]]) -> SparseMatrix:
    """Excluded pairs, in both directions."""
    barred = [
        (row_of[a], row_of[b], 1)
        for one, other in excluded
        if one in row_of and other in row_of
        for a, b in ((one, other), (other, one))
    ]
    return square(barred, len(row_of))


def known_pairs(prepared: Prepared, rows: IntArray) -> SparseMatrix:
    """Who knows whom, some rows by all profiles: a joint project, or events attended by both."""
    met = (prepared.rows.events[rows] @ prepared.network.events).tocsr()
    met.data = (met.data >= KNOWN_FROM_EVENTS).astype(np.float64)
    known = (met + prepared.network.joint[rows]).tocsr()
    known.eliminate_zeros()
    return known


def square(cells: Sequence[tuple[int, int, float]], size: int) -> SparseMatrix:
    """A sparse square matrix from rows, columns and numbers; the same cell twice is added up."""
    from scipy.sparse import csr_matrix

    table = np.array(cells, dtype=np.float64).reshape(-1, 3)
    at = table[:, :2].astype(np.int64)
    matrix = csr_matrix((table[:, 2], (at[:, 0], at[:, 1])), shape=(size, size))
    matrix.sum_duplicates()
    return matrix


def _text_scale(rows: Rows, segments: Sequence[Segment]) -> Float32Array:
    """The likeness of the closest other profile of each, but at least some."""
    closest = np.full(len(rows.ids), TEXT_SCALE_AT_LEAST, dtype=np.float32)
    for number, one in enumerate(segments):
        for batch in batches(np.arange(one.start, one.stop)):
            texts = tuple(matrix[batch[0] : batch[-1] + 1] for matrix in rows.texts)
            for other in segments[number:]:
                found = text_likeness(texts, other.texts)
                if other is one:
                    found[np.arange(len(batch)), batch - one.start] = 0
                closest[batch] = np.maximum(closest[batch], found.max(axis=1))
                columns = closest[other.start : other.stop]
                np.maximum(columns, found.max(axis=0), out=columns)
    return closest


def _exposure(prepared: Prepared) -> tuple[FloatArray, float]:
    """(mean of all / mean received by v)^0.1, so that nobody is on every list or on none.

    Measured against a panel of profiles evenly spread over the ids: everybody in a small world.
    """
    count = len(prepared.profiles)
    size = count if count <= EXPOSURE_BY_ALL_UP_TO else EXPOSURE_PANEL
    by_id = np.argsort(prepared.rows.ids)
    panel = np.sort(by_id[np.arange(size) * count // max(size, 1)])
    received = np.zeros(count)
    asked = np.full(count, len(panel))
    asked[panel] -= 1
    for batch in batches(panel):
        left = prepared.row_set(batch)
        for right in prepared.segments:
            found = np.nan_to_num(prepared.scores(left, right), copy=False)
            received[right.start : right.stop] += found.sum(axis=0, dtype=np.float64)
    received = received / np.maximum(asked, 1)
    typical = float(received.mean()) if count else 0.0
    return exposure_of(received, typical), typical


def exposure_of(received: FloatArray, typical: float) -> FloatArray:
    """The exposure figure of profiles that receive these scores on average."""
    ratio = np.divide(typical, received, out=np.ones_like(received), where=received > 0)
    return np.asarray(np.round(ratio**EXPOSURE_EXPONENT, DECIMALS))
