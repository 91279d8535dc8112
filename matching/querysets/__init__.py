"""The vocabulary of the matching app: conditions with names."""

from matching.querysets.suggestions import (
    LEVELS,
    RoundQuerySet,
    SuggestionQuerySet,
    WeightsQuerySet,
)

__all__ = ["LEVELS", "RoundQuerySet", "SuggestionQuerySet", "WeightsQuerySet"]
