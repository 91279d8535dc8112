"""The vocabulary of the matching app: conditions with names."""

from matching.querysets.blocks import BlockQuerySet
from matching.querysets.calls import CallQuerySet, ProposalQuerySet, TeamQuerySet
from matching.querysets.feedback import DigestQuerySet, FeedbackQuerySet
from matching.querysets.introductions import IntroductionQuerySet
from matching.querysets.meetings import (
    MeetingParticipantQuerySet,
    MeetingQuerySet,
    MeetingSolvingQuerySet,
)
from matching.querysets.suggestions import (
    LEVELS,
    RoundQuerySet,
    ShardQuerySet,
    SuggestionQuerySet,
    WeightsDraftQuerySet,
    WeightsQuerySet,
)
from matching.querysets.vectors import TextVectorQuerySet

__all__ = [
    "LEVELS",
    "BlockQuerySet",
    "CallQuerySet",
    "DigestQuerySet",
    "FeedbackQuerySet",
    "IntroductionQuerySet",
    "MeetingParticipantQuerySet",
    "MeetingQuerySet",
    "MeetingSolvingQuerySet",
    "ProposalQuerySet",
    "RoundQuerySet",
    "ShardQuerySet",
    "SuggestionQuerySet",
    "TeamQuerySet",
    "TextVectorQuerySet",
    "WeightsDraftQuerySet",
    "WeightsQuerySet",
]
