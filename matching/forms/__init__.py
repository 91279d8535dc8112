"""What people may enter about suggestions, a file for each noun."""

from matching.forms.meetings import (
    AddForm,
    JoinForm,
    MarksForm,
    MeetingFeedbackForm,
    MeetingPlanForm,
    MoveForm,
)
from matching.forms.office import CompareForm, ExposureForm, PairForm, UntriedForm
from matching.forms.weights import WeightsForm

__all__ = [
    "AddForm",
    "CompareForm",
    "ExposureForm",
    "JoinForm",
    "MarksForm",
    "MeetingFeedbackForm",
    "MeetingPlanForm",
    "MoveForm",
    "PairForm",
    "UntriedForm",
    "WeightsForm",
]
