"""The mails of the events app: one function a mail, each in its reader's language."""

from events.mails.invitations import invitation_content, invited
from events.mails.letters import Reader, letter_content, values_for, written
from events.mails.minutes import actions_due, minutes_published
from events.mails.planning import event_cancelled, event_changed, event_decided, people_to_tell
from events.mails.registrations import registration_news
from events.mails.workshops import rooms_assigned

__all__ = [
    "Reader",
    "actions_due",
    "event_cancelled",
    "event_changed",
    "event_decided",
    "invitation_content",
    "invited",
    "letter_content",
    "minutes_published",
    "people_to_tell",
    "registration_news",
    "rooms_assigned",
    "values_for",
    "written",
]
