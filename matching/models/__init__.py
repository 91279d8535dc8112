"""The tables of the matching app, a file for each noun."""

from matching.models.blocks import ClusterBlock
from matching.models.rounds import Round, RoundShard
from matching.models.suggestions import Suggestion
from matching.models.vectors import TextVector
from matching.models.weights import Weights

__all__ = ["ClusterBlock", "Round", "RoundShard", "Suggestion", "TextVector", "Weights"]
