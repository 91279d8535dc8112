"""The tables of the matching app, a file for each noun."""

from matching.models.blocks import ClusterBlock
from matching.models.calls import CallCompetence, CallMark, CallRegion, CallRole, ConsortiumCall
from matching.models.inquiries import PairInquiry
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
from matching.models.teams import Team, TeamMember, TeamProposal
from matching.models.vectors import TextVector
from matching.models.weights import Weights, WeightsDraft, WeightsEffect

__all__ = [
    "CallCompetence",
    "CallMark",
    "CallRegion",
    "CallRole",
    "ClusterBlock",
    "ConsortiumCall",
    "Meeting",
    "MeetingFeedback",
    "MeetingParticipant",
    "MeetingPlan",
    "MeetingSolving",
    "MeetingWish",
    "PairInquiry",
    "Round",
    "RoundShard",
    "Suggestion",
    "Team",
    "TeamMember",
    "TeamProposal",
    "TextVector",
    "Weights",
    "WeightsDraft",
    "WeightsEffect",
]
