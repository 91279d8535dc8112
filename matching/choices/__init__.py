"""Names of states."""

from matching.choices.meetings import (
    Keep,
    PlanState,
    SolvingState,
    Usefulness,
    Wish,
)
from matching.choices.suggestions import Audience, ListKind, RoundState
from matching.choices.vectors import DIMENSIONS, TextKind

__all__ = [
    "DIMENSIONS",
    "Audience",
    "Keep",
    "ListKind",
    "PlanState",
    "RoundState",
    "SolvingState",
    "TextKind",
    "Usefulness",
    "Wish",
]
