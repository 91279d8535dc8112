"""Forms of the events app: shape and plain mistakes; rules of the domain are the verbs'."""

from events.forms.answers import AnswerForm
from events.forms.check_in import MarkForm, WalkInForm, age_of
from events.forms.conflicts import Clash, clashes, take_over_version
from events.forms.invitations import AudienceForm, SaveAudienceForm
from events.forms.mail_texts import MailTextForm
from events.forms.mailings import MailingForm
from events.forms.minutes import EventDocumentForm, MinutesItemForm
from events.forms.planning import CancelForm, DecisionForm, EventForm, ProposalForm
from events.forms.programme import Programme, SessionForm
from events.forms.programme_editor import edited, pressed
from events.forms.question_fields import QuestionForm, answer_in_words, option_labels
from events.forms.questions import QuestionEditForm
from events.forms.registration import (
    ColleagueFormSet,
    DetailsForm,
    PersonForm,
    ReasonForm,
    RegistrationForm,
)
from events.forms.series import CloneForm, RepeatForm
from events.forms.shared import without_errors
from events.forms.subscriptions import SubscriptionForm
from events.forms.workshops import PlacesForm, WishesForm

__all__ = [
    "AnswerForm",
    "AudienceForm",
    "CancelForm",
    "Clash",
    "CloneForm",
    "ColleagueFormSet",
    "DecisionForm",
    "DetailsForm",
    "EventDocumentForm",
    "EventForm",
    "MailTextForm",
    "MailingForm",
    "MarkForm",
    "MinutesItemForm",
    "PersonForm",
    "PlacesForm",
    "Programme",
    "ProposalForm",
    "QuestionEditForm",
    "QuestionForm",
    "ReasonForm",
    "RegistrationForm",
    "RepeatForm",
    "SaveAudienceForm",
    "SessionForm",
    "SubscriptionForm",
    "WalkInForm",
    "WishesForm",
    "age_of",
    "answer_in_words",
    "clashes",
    "edited",
    "option_labels",
    "pressed",
    "take_over_version",
    "without_errors",
]
