"""From a text in one or two languages to one vector."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from matching.engine.profile import Bilingual
from matching.vectors.glossary import other_words
from matching.vectors.models import TextModel
from matching.vectors.words import content_words, is_general

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COMPOSED: Final = "2"
"""Raise it when texts are composed differently: all vectors are then made anew."""
NOISE: Final = 0.40
SAME: Final = 0.75
"""Cosines of vectors composed like this: unrelated texts reach the first figure, a need and its
offer in another language the second. docs/matching-text.md says how they were found."""
PASSAGE: Final = 500
"""Characters of a passage; a longer text is cut at ends of sentences."""
PASSAGES: Final = 40
"""Passages of a text that are read; what follows (after some 20,000 characters) is not."""
WORDS: Final = 60
"""Different words of a passage that count on their own."""
BAG: Final = 1.5
"""Weight of the words taken singly; the passage as a whole counts 1."""
GENERAL: Final = 0.5
"""Weight of a word found in texts on any matter, such as "plant" or "process"."""
_LANGUAGES: Final = ("de", "en")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")


def made_with(model: TextModel) -> str:
    """Return what a vector was made with: model, its version, and the way texts are composed."""
    return f"{model.name} {model.version} / {COMPOSED}" if model.name else ""


def encode_texts(model: TextModel, texts: Sequence[Bilingual]) -> NDArray[np.float32]:
    """Return one unit vector a text; zeros for an empty text.

    A passage is the sum of its own vector and the one of its words taken singly: the first knows
    how words belong together, the second is not moved by the way a sentence is built ("we look
    for", "we offer"). Words the glossary knows are joined by their like in the other language. A
    text is the mean of its passages, a bilingual text the mean of both languages, each brought to
    length 1 before.
    """
    import numpy as np

    passages = list(_passages(texts))
    weighed = [_weighed_words(part, language) for _number, language, part in passages]
    order = sorted({word for words in weighed for word in words})
    row_of = {word: row for row, word in enumerate(order)}
    whole = model.encode([part for _number, _language, part in passages])
    single = model.encode(order)
    summed = np.zeros((len(texts), 2, model.dimensions), dtype=np.float32)
    for row, (number, language, _part) in enumerate(passages):
        words = weighed[row]
        bag = np.zeros(model.dimensions, dtype=np.float32)
        for word, weight in words.items():
            bag += np.float32(weight) * single[row_of[word]]
        passage = _unit(whole[row] + np.float32(BAG) * _unit(bag))
        summed[number, _LANGUAGES.index(language)] += passage
    return np.asarray(_unit(_unit(summed).sum(axis=1)), dtype=np.float32)


def _weighed_words(passage: str, language: str) -> dict[str, float]:
    """Return the words of a passage and their like in the other language, with weights."""
    words = content_words(passage)[:WORDS]
    found = dict.fromkeys(words, 1.0)
    found.update(dict.fromkeys(other_words(passage, words, language), 1.0))
    return {word: weight * (GENERAL if is_general(word) else 1) for word, weight in found.items()}


def passages_of(text: str) -> list[str]:
    """Cut a text at ends of sentences into passages of at most about ``PASSAGE`` characters."""
    found: list[str] = []
    for sentence in _SENTENCE.split(text):
        piece = " ".join(sentence.split())
        while len(piece) > PASSAGE:
            cut = piece.rfind(" ", 0, PASSAGE)
            cut = cut if cut > 0 else PASSAGE
            found.append(piece[:cut])
            piece = piece[cut:].strip()
        if found and len(found[-1]) + len(piece) < PASSAGE:
            found[-1] = f"{found[-1]} {piece}".strip()
        elif piece:
            found.append(piece)
    return found[:PASSAGES]


def _passages(texts: Sequence[Bilingual]) -> Iterator[tuple[int, str, str]]:
    for number, text in enumerate(texts):
        for language, content in (("de", text["de"]), ("en", text["en"])):
            for part in passages_of(content):
                yield number, language, part


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring the last axis to length 1; zeros stay zeros."""
    import numpy as np

    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0))
