"""The mails of the matching app: one function a mail, each in its reader's language."""

from matching.mails.digests import digest
from matching.mails.introductions import (
    date_confirmed,
    dates_proposed,
    introduction_agreed,
    introduction_asked,
    introduction_ended,
    introduction_withdrawn,
    outcome_asked,
)
from matching.mails.meetings import meeting_feedback_asked, meeting_wishes_asked, meetings_published

__all__ = [
    "date_confirmed",
    "dates_proposed",
    "digest",
    "introduction_agreed",
    "introduction_asked",
    "introduction_ended",
    "introduction_withdrawn",
    "meeting_feedback_asked",
    "meeting_wishes_asked",
    "meetings_published",
    "outcome_asked",
]
