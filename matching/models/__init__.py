"""The tables of the matching app, a file for each noun."""

from matching.models.rounds import Round
from matching.models.suggestions import Suggestion
from matching.models.vectors import TextVector
from matching.models.weights import Weights

__all__ = ["Round", "Suggestion", "TextVector", "Weights"]
