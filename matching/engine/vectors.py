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

VECTOR_NOISE: Final = 0.35
VECTOR_SAME: Final = 0.75
"""Cosines of the multilingual sentence encoder: unrelated texts stay below the first figure, a
need and its offer in another language reach the second. Never shown to anybody."""


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
