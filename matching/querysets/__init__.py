"""The vocabulary of the matching app: conditions with names."""

from matching.querysets.blocks import BlockQuerySet
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
    "RoundQuerySet",
    "ShardQuerySet",
    "SuggestionQuerySet",
    "TextVectorQuerySet",
    "WeightsQuerySet",
]
