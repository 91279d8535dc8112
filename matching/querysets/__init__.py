"""The vocabulary of the matching app: conditions with names."""

from matching.querysets.suggestions import (
    LEVELS,
    RoundQuerySet,
    SuggestionQuerySet,
    WeightsQuerySet,
)
from matching.querysets.vectors import TextVectorQuerySet

__all__ = ["LEVELS", "RoundQuerySet", "SuggestionQuerySet", "TextVectorQuerySet", "WeightsQuerySet"]
