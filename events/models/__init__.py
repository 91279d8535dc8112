"""Tables of the events app, one file a noun."""

from events.models.assignment import AssignedPlace, Assignment
from events.models.check_in import CheckInMark
from events.models.event import Event, EventSeries, Session
from events.models.feed import CalendarFeed
from events.models.invitation import Invitation
from events.models.mailing import Mailing, MailingMail, MailText, SavedAudience
from events.models.minutes import MinutesItem, SessionDocument
from events.models.question import Question, QuestionAnswer, SurveyResponse
from events.models.registration import Registration, SessionPlace, WorkshopChoice
from events.models.retention import RetentionRecord

__all__ = [
    "AssignedPlace",
    "Assignment",
    "CalendarFeed",
    "CheckInMark",
    "Event",
    "EventSeries",
    "Invitation",
    "MailText",
    "Mailing",
    "MailingMail",
    "MinutesItem",
    "Question",
    "QuestionAnswer",
    "Registration",
    "RetentionRecord",
    "SavedAudience",
    "Session",
    "SessionDocument",
    "SessionPlace",
    "SurveyResponse",
    "WorkshopChoice",
]
