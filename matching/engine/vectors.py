"""Text vectors across languages, handed in from outside; without them terms and n-grams decide.

The engine knows nothing of the model: it takes vectors of any dimension, all of the same model,
keyed by the id of the need, the offer or the profile they belong to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = Sequence[float] | NDArray[np.floating]
VectorArray: TypeAlias = NDArray[np.int16]
FloatArray: TypeAlias = NDArray[np.float64]

VECTOR_NOISE: Final = 0.45
VECTOR_SAME: Final = 0.80
"""Cosines of the portal's vectors: unrelated texts reach the first figure, a need and its offer in
another language the second. Never shown to anybody."""
AXES: Final = 128
ALL_AXES_UP_TO: Final = 5000
"""With more vectors than this each is kept on the axes that tell most of all."""
LEARNT_FROM: Final = 8_000
_TURNED_AT_ONCE: Final = 256
GRID: Final = 2048
"""Components are whole numbers of 1/2048. A product of two vectors is then exact in single
precision in whatever order it is summed up, so library and block size never decide a tie."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of one model by id; whatever has none is compared by n-grams and terms alone.

    `noise` and `same` scale a cosine of this model to [0,1]: at most `noise` counts 0, from `same`
    on 1.
    """

    needs: Mapping[int, Vector] = field(default_factory=dict)
    offers: Mapping[int, Vector] = field(default_factory=dict)
    profiles: Mapping[int, Vector] = field(default_factory=dict)
    noise: float = VECTOR_NOISE
    same: float = VECTOR_SAME

    def __post_init__(self) -> None:
        if not 0 <= self.noise < self.same <= 1:
            raise ValueError("The scale of vectors must rise inside [0, 1].")

    def dimension(self) -> int:
        """Length of the vectors, 0 without any. Raises ValueError where they differ."""
        lengths = {
            len(vector)
            for table in (self.needs, self.offers, self.profiles)
            for vector in table.values()
        }
        if len(lengths) > 1:
            raise ValueError(f"Vectors of different lengths: {sorted(lengths)}.")
        return lengths.pop() if lengths else 0


@dataclass(frozen=True, slots=True)
class VectorScale:
    """How vectors of a world are kept, and how cosines of their model are read.

    With very many vectors only the axes that tell most are kept, which `axes` holds as columns;
    None: all components are.
    """

    dimension: int
    axes: NDArray[np.float32] | None
    noise: float
    same: float

    @classmethod
    def learn(cls, vectors: Vectors) -> "VectorScale | None":
        """Learn from the vectors of needs and offers; None without any."""
        dimension = vectors.dimension()
        if not dimension:
            return None
        tables = (vectors.needs, vectors.offers)
        keys = [(number, key) for number, table in enumerate(tables) for key in sorted(table)]
        axes = None
        if len(keys) > ALL_AXES_UP_TO and dimension > AXES:
            chosen = keys[:: -(-len(keys) // LEARNT_FROM)]
            table = np.array([tables[number][key] for number, key in chosen], dtype=np.float64)
            _, found = np.linalg.eigh(table.T @ table)
            axes = np.ascontiguousarray(found[:, : -AXES - 1 : -1], dtype=np.float32)
        # On the grid as well, so that a figure taken from a product stays exact.
        noise, same = (round(figure * GRID) / GRID for figure in (vectors.noise, vectors.same))
        return cls(AXES if axes is not None else dimension, axes, noise, same)

    def table(self, ids: Sequence[int], vectors: Mapping[int, Vector]) -> VectorArray:
        """One row an id on the grid, of length 1; empty for an id without a vector."""
        found = np.zeros((len(ids), self.dimension), dtype=np.int16)
        have = [row for row, key in enumerate(ids) if key in vectors]
        for start in range(0, len(have), 4096):
            rows = have[start : start + 4096]
            found[rows] = self.on_grid([vectors[ids[row]] for row in rows])
        return found

    def on_grid(self, vectors: Sequence[Vector]) -> VectorArray:
        """Vectors of length 1 (or empty ones) in whole numbers of 1/`GRID`."""
        rows = np.array([np.asarray(vector, dtype=np.float32) for vector in vectors])
        if self.axes is not None:
            rows = _turned(rows, self.axes)
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(np.rint(rows * (GRID / np.where(length > 0, length, 1))), dtype=np.int16)

    @staticmethod
    def cosines(left: VectorArray, right: VectorArray) -> FloatArray:
        """Products of rows of two tables, pair by pair."""
        products = np.einsum("ij,ij->i", left.astype(np.float32), right.astype(np.float32))
        return np.asarray(products, dtype=np.float64) / GRID**2


def as_floats(table: VectorArray) -> NDArray[np.float32]:
    """Rows of a table in single precision."""
    return table.astype(np.float32) / np.float32(GRID)


def _turned(rows: NDArray[np.float32], axes: NDArray[np.float32]) -> NDArray[np.float32]:
    turned = np.empty((len(rows), axes.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), _TURNED_AT_ONCE):
        # Always as many rows: a product of few may round differently from one of many.
        part = np.zeros((_TURNED_AT_ONCE, rows.shape[1]), dtype=np.float32)
        stop = min(start + _TURNED_AT_ONCE, len(rows))
        part[: stop - start] = rows[start:stop]
        turned[start:stop] = (part @ axes)[: stop - start]
    return turned
