"""The verbs of the matching app."""

from matching.services.rounds import compute_round, engine_weights
from matching.services.turns import RoundBusyError

__all__ = [
    "RoundBusyError",
    "compute_round",
    "engine_weights",
]
