"""The tables of the matching app, a file for each noun."""

from matching.models.blocks import ClusterBlock
from matching.models.calls import CallCompetence, CallMark, CallRegion, CallRole, ConsortiumCall
from matching.models.feedback import DigestEntry, DigestSubscription, Feedback, SuggestedPair
from matching.models.inquiries import PairInquiry
from matching.models.introductions import Appointment, Introduction, Outcome
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
    "Appointment",
    "CallCompetence",
    "CallMark",
    "CallRegion",
    "CallRole",
    "ClusterBlock",
    "ConsortiumCall",
    "DigestEntry",
    "DigestSubscription",
    "Feedback",
    "Introduction",
    "Meeting",
    "MeetingFeedback",
    "MeetingParticipant",
    "MeetingPlan",
    "MeetingSolving",
    "MeetingWish",
    "Outcome",
    "PairInquiry",
    "Round",
    "RoundShard",
    "SuggestedPair",
    "Suggestion",
    "Team",
    "TeamMember",
    "TeamProposal",
    "TextVector",
    "Weights",
    "WeightsDraft",
    "WeightsEffect",
]
