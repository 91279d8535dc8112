"""Forms of the events app: shape and plain mistakes; rules of the domain are the verbs'."""

from events.forms.answers import AnswerForm
from events.forms.check_in import MarkForm, WalkInForm, age_of
from events.forms.invitations import AudienceForm
from events.forms.minutes import EventDocumentForm, MinutesItemForm
from events.forms.planning import (
    CancelForm,
    DecisionForm,
    EventForm,
    ProposalForm,
    SessionForm,
    SessionFormSet,
)
from events.forms.question_fields import QuestionForm, answer_in_words, option_labels
from events.forms.shared import without_errors
from events.forms.workshops import PlacesForm, WishesForm

__all__ = [
    "AnswerForm",
    "AudienceForm",
    "CancelForm",
    "DecisionForm",
    "EventDocumentForm",
    "EventForm",
    "MarkForm",
    "MinutesItemForm",
    "PlacesForm",
    "ProposalForm",
    "QuestionForm",
    "SessionForm",
    "SessionFormSet",
    "WalkInForm",
    "WishesForm",
    "age_of",
    "answer_in_words",
    "option_labels",
    "without_errors",
]
