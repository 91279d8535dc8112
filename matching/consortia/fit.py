"""How well texts fit an idea, in [0,1]: by letters in a row, and by vectors where there are any."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.profile import Bilingual
from matching.engine.text import Ngrams, both_languages

MOST_TELLING: Final = 128
"""N-grams kept of each text where there are more than some thousand texts."""
SCALE_AT_LEAST: Final = 0.2
"""Likenesses below this are not stretched: the best of only weak ones stays weak."""


def fits_to_idea(
    idea: str, texts: Sequence[Bilingual], closeness: Sequence[float] = ()
) -> NDArray[np.float64]:
    """One figure a text: likeness by TF-IDF, the closest text being 1; or ``closeness`` if more.

    ``closeness`` comes from text vectors, in [0,1]; they meet across languages.
    """
    found = np.zeros(len(texts))
    if idea.strip() and texts:
        words = np.zeros(len(texts))
        for several in both_languages([Bilingual(de=idea, en=idea), *texts]):
            vectors = Ngrams(several, most_telling=MOST_TELLING).hand_over()
            np.maximum(words, (vectors[1:] @ vectors[0].T).toarray().ravel(), out=words)
        found = words / max(float(words.max(initial=0.0)), SCALE_AT_LEAST)
    if len(closeness):
        found = np.maximum(found, np.asarray(closeness, dtype=float))
    return np.asarray(np.round(np.clip(found, 0.0, 1.0), 4))
