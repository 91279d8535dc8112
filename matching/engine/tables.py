"""Profiles as tables: a row for each, and the statements of all of them in one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.profile import Statement
from matching.engine.text import BoolArray, Float32Array, IntArray, SparseMatrix
from matching.engine.vectors import VectorArray

WordArray = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Statements:
    """Needs, or offers, of some profiles; owner i holds rows [bounds[i], bounds[i+1])."""

    values: tuple[Statement, ...]
    bounds: IntArray
    texts: tuple[SparseMatrix, ...]
    """Unit vectors, one matrix a language."""
    terms: SparseMatrix
    asked: Float32Array
    """Number of terms, also of those that nobody else names."""
    vectors: VectorArray | None
    """One row more than statements: the last one is empty, and -1 means it."""

    @property
    def counts(self) -> IntArray:
        """Number of statements of each owner."""
        return np.diff(self.bounds)

    def take(self, owners: IntArray) -> "Statements":
        """The statements of some owners, in their order."""
        sizes = self.counts[owners]
        firsts = np.repeat(self.bounds[owners], sizes)
        offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        at = firsts + offsets
        index = contiguous(at)
        return Statements(
            values=self.values[index]
            if isinstance(index, slice)
            else tuple(self.values[row] for row in at),
            bounds=np.concatenate(([0], np.cumsum(sizes))),
            texts=tuple(matrix[index] for matrix in self.texts),
            terms=self.terms[index],
            asked=self.asked[index],
            vectors=None if self.vectors is None else self.vectors[np.append(at, -1)],
        )

    def slot(self, owners: IntArray, number: int) -> IntArray:
        """Row of the statement with this number (from 0) of each owner; -1 where it has none."""
        return np.where(number < self.counts[owners], self.bounds[owners] + number, -1)


@dataclass(frozen=True, slots=True)
class Rows:
    """One row for each profile; every field but the statements has as many rows."""

    ids: IntArray
    agreed: BoolArray
    damped: BoolArray
    """Whether competition damping is on."""
    stages: IntArray
    """Number of the set of stages."""
    focus: NDArray[np.int32]
    """Number of the pair of focus and stages, -1 where either is missing."""
    sectors: WordArray
    fields: WordArray
    bridge: SparseMatrix
    """Rarity of each cross-cutting technology and topic held."""
    bridge_size: Float32Array
    home: SparseMatrix
    home_size: Float32Array
    events: SparseMatrix
    partners: SparseMatrix
    texts: tuple[SparseMatrix, ...]
    needs: Statements
    offers: Statements

    def take(self, rows: IntArray) -> "Rows":
        """Some rows, in the order asked."""
        index = contiguous(rows)
        return self._each(lambda value: value[index], lambda value: value.take(rows))

    def replaced(self, row: int, one: "Rows") -> "Rows":
        """The same table with one row replaced; `row` may be one behind the last, to add it."""
        above, below = np.arange(row), np.arange(row + 1, len(self.ids))
        return stack_rows((self.take(above), one, self.take(below)))

    def _each(self, plain: Any, statements: Any) -> "Rows":
        changed: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if name in ("needs", "offers"):
                changed[name] = statements(value)
            elif name == "texts":
                changed[name] = tuple(plain(matrix) for matrix in value)
            else:
                changed[name] = plain(value)
        return Rows(**changed)


def contiguous(rows: IntArray) -> IntArray | slice:
    """The rows as a slice where they are neighbours, which sparse matrices cut out much faster."""
    if not len(rows):
        return slice(0, 0)
    if (np.diff(rows) == 1).all():
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def stack_rows(tables: Sequence[Rows]) -> Rows:
    """All tables below each other."""
    from scipy.sparse import issparse, vstack

    def stack(values: Sequence[Any]) -> Any:
        if isinstance(values[0], Statements):
            return _stack_statements(values)
        if isinstance(values[0], tuple):
            return tuple(vstack(matrices, format="csr") for matrices in zip(*values, strict=True))
        if issparse(values[0]):
            return vstack(values, format="csr")
        return np.concatenate(values)

    names = Rows.__dataclass_fields__
    return Rows(**{name: stack([getattr(t, name) for t in tables]) for name in names})


def _stack_statements(values: Sequence[Statements]) -> Statements:
    from scipy.sparse import vstack

    vectors = [s.vectors[:-1] for s in values if s.vectors is not None]
    vectors += [s.vectors[-1:] for s in values[-1:] if s.vectors is not None]
    return Statements(
        values=tuple(statement for s in values for statement in s.values),
        bounds=np.concatenate(([0], np.cumsum(np.concatenate([s.counts for s in values])))),
        texts=tuple(
            vstack(matrices, format="csr")
            for matrices in zip(*(s.texts for s in values), strict=True)
        ),
        terms=vstack([s.terms for s in values], format="csr"),
        asked=np.concatenate([s.asked for s in values]),
        vectors=np.concatenate(vectors) if vectors else None,
    )
