"""The vocabulary of the matching app: conditions with names."""

from matching.querysets.blocks import BlockQuerySet
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
    WeightsQuerySet,
)
from matching.querysets.vectors import TextVectorQuerySet

__all__ = [
    "LEVELS",
    "BlockQuerySet",
    "MeetingParticipantQuerySet",
    "MeetingQuerySet",
    "MeetingSolvingQuerySet",
    "RoundQuerySet",
    "ShardQuerySet",
    "SuggestionQuerySet",
    "TextVectorQuerySet",
    "WeightsQuerySet",
]
