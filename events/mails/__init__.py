"""The mails of the events app: one function a mail, each in its reader's language."""

from events.mails.invitations import invitation_content, invited
from events.mails.mailings import has_survey, mailed, mailing_content, sample_mail
from events.mails.minutes import actions_due, minutes_published
from events.mails.planning import event_cancelled, event_changed, event_decided, people_to_tell
from events.mails.registrations import registration_news
from events.mails.workshops import rooms_assigned

__all__ = [
    "actions_due",
    "event_cancelled",
    "event_changed",
    "event_decided",
    "has_survey",
    "invitation_content",
    "invited",
    "mailed",
    "mailing_content",
    "minutes_published",
    "people_to_tell",
    "registration_news",
    "rooms_assigned",
    "sample_mail",
]
