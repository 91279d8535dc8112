"""Names of states."""

from matching.choices.suggestions import Audience, ListKind, RoundState
from matching.choices.vectors import DIMENSIONS, TextKind

__all__ = ["DIMENSIONS", "Audience", "ListKind", "RoundState", "TextKind"]
