"""Text similarity: TF-IDF over character n-grams, once for German and once for English."""

from collections.abc import Collection, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.engine.profile import Bilingual

FloatArray: TypeAlias = NDArray[np.float64]
# scipy ships no types of its own, so a sparse matrix is Any inside this package.
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
