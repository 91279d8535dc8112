"""The verbs of the events app, one file a noun."""

from events.services.answers import answer_invitation, register, unregister
from events.services.invitations import invite, send_failed_again, write_mails
from events.services.planning import (
    cancel_event,
    decide_event,
    propose_event,
    publish_event,
    save_event,
    submit_event,
)

__all__ = [
    "answer_invitation",
    "cancel_event",
    "decide_event",
    "invite",
    "propose_event",
    "publish_event",
    "register",
    "save_event",
    "send_failed_again",
    "submit_event",
    "unregister",
    "write_mails",
]
