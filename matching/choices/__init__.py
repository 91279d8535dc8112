"""Names of states."""

from matching.choices.suggestions import Audience, RoundState

__all__ = ["Audience", "RoundState"]
