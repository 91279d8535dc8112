"""Arithmetic of weights that people enter: exact sums, and scaling to 1."""

import math
from collections.abc import Mapping
from typing import Final

from matching.engine.profile import PART_NAMES, PartName

PARTS: Final[tuple[PartName, ...]] = PART_NAMES
STEPS: Final = 1000
"""Weights are entered in thousandths; more would pretend to a precision nobody has."""

Values = Mapping[str, float]


def steps_of(value: float) -> int:
    """Return a weight in thousandths."""
    return round(value * STEPS)


def total(values: Values) -> float:
    """Return the sum of all parts, free of the noise of binary fractions."""
    return sum(steps_of(values[part]) for part in PARTS) / STEPS


def sums_to_one(values: Values) -> bool:
    """Tell whether the parts sum to exactly 1, counted in thousandths."""
    return sum(steps_of(values[part]) for part in PARTS) == STEPS


def scale_to_one(values: Values) -> dict[str, float]:
    """Return the weights in the same proportions with the sum 1, in thousandths.

    What rounding leaves over goes to the parts that lost most by it (largest remainder method); of
    equals, to the first part.

    :raises ValueError: when no weight is above 0, or one is below.
    """
    given = {part: float(values[part]) for part in PARTS}
    if not all(math.isfinite(value) and value >= 0 for value in given.values()):
        raise ValueError("Weights must be finite and not negative.")
    whole = math.fsum(given.values())
    if whole <= 0:
        raise ValueError("At least one weight must be above 0.")
    exact = {part: value / whole * STEPS for part, value in given.items()}
    steps = {part: math.floor(value) for part, value in exact.items()}
    by_loss = sorted(PARTS, key=lambda part: (steps[part] - exact[part], PARTS.index(part)))
    for part in by_loss[: STEPS - sum(steps.values())]:
        steps[part] += 1
    return {part: number / STEPS for part, number in steps.items()}
