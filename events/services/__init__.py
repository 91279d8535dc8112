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
from events.services.replies import read_mailbox, take_calendar_reply
from events.services.workshops import (
    Keep,
    change_by_publishing,
    discard_assignment,
    draft_assignment,
    fix_place,
    move_person,
    needs_worker,
    publish_assignment,
    save_wishes,
)

__all__ = [
    "Keep",
    "answer_invitation",
    "cancel_event",
    "change_by_publishing",
    "decide_event",
    "discard_assignment",
    "draft_assignment",
    "fix_place",
    "invite",
    "move_person",
    "needs_worker",
    "propose_event",
    "publish_assignment",
    "publish_event",
    "read_mailbox",
    "register",
    "save_event",
    "save_wishes",
    "send_failed_again",
    "submit_event",
    "take_calendar_reply",
    "unregister",
    "write_mails",
]
