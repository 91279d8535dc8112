"""The tables of the matching app, a file for each noun."""

from matching.models.blocks import ClusterBlock
from matching.models.meetings import (
    Meeting,
    MeetingFeedback,
    MeetingParticipant,
    MeetingPlan,
    MeetingSolving,
    MeetingWish,
)
from matching.models.rounds import Round, RoundShard
from matching.models.suggestions import Suggestion
from matching.models.vectors import TextVector
from matching.models.weights import Weights

__all__ = [
    "ClusterBlock",
    "Meeting",
    "MeetingFeedback",
    "MeetingParticipant",
    "MeetingPlan",
    "MeetingSolving",
    "MeetingWish",
    "Round",
    "RoundShard",
    "Suggestion",
    "TextVector",
    "Weights",
]
