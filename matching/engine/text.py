"""Character n-grams as sparse unit vectors, once for German and once for English."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.engine.profile import Bilingual

FloatArray: TypeAlias = NDArray[np.float64]
Float32Array: TypeAlias = NDArray[np.float32]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
# scipy ships no types of its own, so a sparse matrix is Any inside this package.
SparseMatrix: TypeAlias = Any

SHORTEST, LONGEST = 3, 5
COMMON_SHARE: Final = 0.1
COMMON_AT_LEAST: Final = 20
"""Character n-grams in more texts than this (and than the share) are left out."""
ALL_KEPT_UP_TO: Final = 5000
COMMON_SHARE_OF_MANY: Final = 0.03
"""With more texts than the first figure n-grams in more than this share are left out, and each text
keeps its most telling ones only: the work grows with the square of how common n-grams are."""
_CHUNK: Final = 4096


def one_thread() -> AbstractContextManager[Any]:
    """Keep matrix products to one thread: a block's are small, and waiting for each other costs."""
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(limits=1, user_api="blas")
    return limits


class Ngrams:
    """TF-IDF over character n-grams inside words, fitted on texts in one language.

    The same figures as scikit-learn's ``char_wb`` analyser with sublinear term frequency, but a
    word is cut into n-grams once and not once for each text it stands in. Later texts are measured
    with the same rarities; n-grams that no fitted text had count for nothing.
    """

    def __init__(self, texts: Sequence[str], *, most_telling: int) -> None:
        """Fit; ``most_telling`` n-grams are kept of each text where there are very many texts."""
        self._columns: dict[str, int] = {}
        self._most_telling = most_telling if len(texts) > ALL_KEPT_UP_TO else 0
        counted = _count_words(texts)
        grams = self._grams(counted[1], learn=True)
        in_texts = np.zeros(grams.shape[1], dtype=np.int64)
        for start in range(0, len(texts), _CHUNK):
            found = counted[0][start : start + _CHUNK] @ grams
            in_texts += np.bincount(found.indices, minlength=grams.shape[1])
        # Syllables found everywhere tell nothing apart, yet they are most of the work.
        share = COMMON_SHARE_OF_MANY if self._most_telling else COMMON_SHARE
        telling = in_texts <= max(COMMON_AT_LEAST, share * len(texts))
        if self._most_telling:
            # What one text alone has can meet nothing.
            telling &= in_texts > 1
        kept = np.flatnonzero(telling)
        renumbered = np.full(len(telling), -1)
        renumbered[kept] = np.arange(len(kept))
        self._columns = {
            gram: int(renumbered[old]) for gram, old in self._columns.items() if telling[old]
        }
        idf = np.log((1 + len(texts)) / (1 + in_texts[kept])) + 1
        self._idf: Float32Array = idf.astype(np.float32)
        self._fitted: SparseMatrix = self._weighted(counted[0], grams[:, kept])

    def hand_over(self) -> SparseMatrix:
        """The vectors of the fitted texts, once: rows of length 1, or 0 without an n-gram."""
        fitted, self._fitted = self._fitted, None
        return fitted

    def vectors(self, texts: Sequence[str]) -> SparseMatrix:
        """One unit vector a text, as rows of a float32 CSR matrix."""
        counts, words = _count_words(texts)
        return self._weighted(counts, self._grams(words, learn=False))

    def _grams(self, words: list[str], *, learn: bool) -> SparseMatrix:
        """How often each n-gram stands in each word."""
        from scipy.sparse import csr_matrix

        columns = self._columns
        indices: list[int] = []
        pointers = [0]
        for word in words:
            if learn:
                indices += [columns.setdefault(gram, len(columns)) for gram in _cut(word)]
            else:
                indices += [columns[gram] for gram in _cut(word) if gram in columns]
            pointers.append(len(indices))
        grams = csr_matrix(
            (np.ones(len(indices), dtype=np.float32), indices, pointers),
            shape=(len(words), len(columns)),
            dtype=np.float32,
        )
        grams.sum_duplicates()
        return grams

    def _weighted(self, counts: SparseMatrix, grams: SparseMatrix) -> SparseMatrix:
        from scipy.sparse import csr_matrix, vstack

        parts = [
            self._unit_rows((counts[start : start + _CHUNK] @ grams).tocsr())
            for start in range(0, counts.shape[0], _CHUNK)
        ]
        empty = csr_matrix((0, grams.shape[1]), dtype=np.float32)
        return vstack(parts, format="csr") if parts else empty

    def _unit_rows(self, found: SparseMatrix) -> SparseMatrix:
        found.sort_indices()
        found.data = (1 + np.log(found.data)) * self._idf[found.indices]
        if self._most_telling:
            found = _heaviest(found, self._most_telling)
        rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
        squares = np.bincount(
            rows, weights=found.data.astype(np.float64) ** 2, minlength=found.shape[0]
        )
        length = np.sqrt(np.where(squares > 0, squares, 1.0))
        found.data = (found.data / length[rows]).astype(np.float32)
        return found


def both_languages(texts: Sequence[Bilingual]) -> tuple[list[str], ...]:
    """German texts and English ones; one list where they are the same throughout."""
    german, english = [t["de"] for t in texts], [t["en"] for t in texts]
    return (german,) if german == english else (german, english)


def _cut(word: str) -> list[str]:
    """All n-grams of a word between two blanks; a short word counts as a whole, once."""
    padded = f" {word} "
    grams: list[str] = []
    for size in range(SHORTEST, LONGEST + 1):
        if len(padded) <= size:
            grams.append(padded)
            break
        grams += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return grams


def _count_words(texts: Sequence[str]) -> tuple[SparseMatrix, list[str]]:
    """How often each word stands in each text, and the words."""
    from scipy.sparse import csr_matrix

    words: dict[str, int] = {}
    indices: list[int] = []
    pointers = [0]
    for text in texts:
        indices += [words.setdefault(word, len(words)) for word in text.lower().split()]
        pointers.append(len(indices))
    counts = csr_matrix(
        (np.ones(len(indices), dtype=np.float32), indices, pointers),
        shape=(len(texts), len(words)),
        dtype=np.float32,
    )
    counts.sum_duplicates()
    return counts, list(words)


def _heaviest(rows: SparseMatrix, number: int) -> SparseMatrix:
    """Only the heaviest entries of each row; those that weigh the same as the last one stay too."""
    from scipy.sparse import csr_matrix

    sizes = np.diff(rows.indptr)
    longest = int(sizes.max(initial=0))
    if longest <= number:
        return rows
    row_of = np.repeat(np.arange(rows.shape[0]), sizes)
    table = np.zeros((rows.shape[0], longest), dtype=np.float32)
    table[row_of, np.arange(len(rows.data)) - rows.indptr[:-1][row_of]] = rows.data
    least = np.partition(table, longest - number, axis=1)[:, longest - number]
    kept = rows.data >= least[row_of]
    pointers = np.concatenate(([0], np.cumsum(np.bincount(row_of[kept], minlength=len(sizes)))))
    return csr_matrix((rows.data[kept], rows.indices[kept], pointers), shape=rows.shape)
