"""What people may enter about suggestions, a file for each noun."""

from matching.forms.office import CompareForm, ExposureForm, PairForm, UntriedForm
from matching.forms.weights import WeightsForm

__all__ = [
    "CompareForm",
    "ExposureForm",
    "PairForm",
    "UntriedForm",
    "WeightsForm",
]
