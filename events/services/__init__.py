"""The verbs of the events app, one file a noun."""

from events.services.answers import answer_invitation
from events.services.colleagues import name_colleague, register_colleagues
from events.services.invitations import invite, send_failed_again, write_mails
from events.services.places import expire_offers, pass_places_on
from events.services.planning import (
    cancel_event,
    decide_event,
    propose_event,
    publish_event,
    save_event,
    submit_event,
)
from events.services.registration_office import (
    add_person,
    approve_registrations,
    cancel_registrations,
    decline_registrations,
    give_places,
    move_group,
    offer_places,
    resend_confirmations,
    restore_registrations,
)
from events.services.registrations import (
    Details,
    accept_offer,
    change_registration,
    decline_offer,
    questions_for,
    register,
    unregister,
    withdraw,
)
from events.services.replies import read_mailbox, take_calendar_reply
from events.services.session_places import choose_session, leave_session
from events.services.workshops import (
    Keep,
    ask_for_draft,
    calculate_asked,
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
    "Details",
    "Keep",
    "accept_offer",
    "add_person",
    "answer_invitation",
    "approve_registrations",
    "ask_for_draft",
    "calculate_asked",
    "cancel_event",
    "cancel_registrations",
    "change_by_publishing",
    "change_registration",
    "choose_session",
    "decide_event",
    "decline_offer",
    "decline_registrations",
    "discard_assignment",
    "draft_assignment",
    "expire_offers",
    "fix_place",
    "give_places",
    "invite",
    "leave_session",
    "move_group",
    "move_person",
    "name_colleague",
    "needs_worker",
    "offer_places",
    "pass_places_on",
    "propose_event",
    "publish_assignment",
    "publish_event",
    "questions_for",
    "read_mailbox",
    "register",
    "register_colleagues",
    "resend_confirmations",
    "restore_registrations",
    "save_event",
    "save_wishes",
    "send_failed_again",
    "submit_event",
    "take_calendar_reply",
    "unregister",
    "withdraw",
    "write_mails",
]
