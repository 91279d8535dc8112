"""The verbs of the matching app."""

from matching.services.amendments import refresh
from matching.services.blocks import block_cluster, lift_block
from matching.services.inputs import engine_weights
from matching.services.rounds import compute_round, left_unfinished
from matching.services.turns import RoundBusyError

__all__ = [
    "RoundBusyError",
    "block_cluster",
    "compute_round",
    "engine_weights",
    "left_unfinished",
    "lift_block",
    "refresh",
]
