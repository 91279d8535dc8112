"""Names of states."""

from matching.choices.calls import IdeaLevel, MarkKind, ProposalState
from matching.choices.meetings import Keep, PlanState, SolvingState, Usefulness, Wish
from matching.choices.suggestions import Audience, ListKind, RoundState
from matching.choices.vectors import DIMENSIONS, TextKind
from matching.choices.weights import EffectState

__all__ = [
    "DIMENSIONS",
    "Audience",
    "EffectState",
    "IdeaLevel",
    "Keep",
    "ListKind",
    "MarkKind",
    "PlanState",
    "ProposalState",
    "RoundState",
    "SolvingState",
    "TextKind",
    "Usefulness",
    "Wish",
]
