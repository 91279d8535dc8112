"""Names of states."""

from matching.choices.calls import IdeaLevel, MarkKind, ProposalState
from matching.choices.candidates import Rule
from matching.choices.feedback import FeedbackKind, FeedbackReason
from matching.choices.introductions import (
    OPEN_STATES,
    OUTCOME_ORDER,
    TOGETHER,
    IntroductionOrigin,
    IntroductionState,
    OutcomeKind,
    SideAnswer,
)
from matching.choices.meetings import Keep, PlanState, SolvingState, Usefulness, Wish
from matching.choices.suggestions import Audience, ListKind, PartLevel, RoundState
from matching.choices.vectors import DIMENSIONS, TextKind
from matching.choices.weights import EffectState

__all__ = [
    "DIMENSIONS",
    "OPEN_STATES",
    "OUTCOME_ORDER",
    "TOGETHER",
    "Audience",
    "EffectState",
    "FeedbackKind",
    "FeedbackReason",
    "IdeaLevel",
    "IntroductionOrigin",
    "IntroductionState",
    "Keep",
    "ListKind",
    "MarkKind",
    "OutcomeKind",
    "PartLevel",
    "PlanState",
    "ProposalState",
    "RoundState",
    "Rule",
    "SideAnswer",
    "SolvingState",
    "TextKind",
    "Usefulness",
    "Wish",
]
