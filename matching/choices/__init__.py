"""Names of states."""

from matching.choices.suggestions import Audience, RoundState
from matching.choices.vectors import DIMENSIONS, TextKind

__all__ = ["DIMENSIONS", "Audience", "RoundState", "TextKind"]
