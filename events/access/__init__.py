"""The gates of the events app: each fetches and authorises in one call.

What a person may not see does not exist for them (404); what they see but may not change is
forbidden (403).
"""

from events.access.after import (
    can_edit_minutes,
    get_action,
    get_document,
    get_document_for_deleting,
    get_document_for_participant,
    get_event_for_figures,
    get_event_for_minutes,
    get_minutes_for_reading,
    get_minutes_item_for_editing,
    get_registration_for_reading,
)
from events.access.calendars import (
    get_inbound_note,
    get_registration_for_calendar,
    get_user_for_feed,
)
from events.access.day import (
    can_check_in,
    get_event_for_check_in,
    get_event_for_participants,
    get_registration_by_ticket,
    get_registration_for_certificate,
    get_registration_for_check_in,
    get_registration_for_participants,
)
from events.access.events import (
    can_edit,
    can_propose,
    clusters_for_proposing,
    get_clusters_for_proposing,
    get_event_for_calendar,
    get_event_for_editing,
    get_event_for_reading,
    get_event_for_staff,
    get_question_for_staff,
    get_session_for_calendar,
    require_staff,
    visible_events,
)
from events.access.invitations import get_invitation_by_token, get_invitation_for_answering
from events.access.mailings import get_event_for_texts, get_mailing_for_staff
from events.access.online import (
    can_see_online_link,
    has_place,
    online_link_from,
    online_link_is_open,
)
from events.access.registrations import (
    can_register,
    clusters_of,
    delegates_of,
    get_event_for_delegating,
    get_event_for_expectations,
    get_event_for_registering,
    get_own_registration,
    get_registration_by_token,
    get_session_for_choosing,
    own_registration,
    registration_facts,
)
from events.access.workshops import (
    get_own_registration_for_wishes,
    get_registration_for_moving,
    get_registration_for_wishes,
)

__all__ = [
    "can_check_in",
    "can_edit",
    "can_edit_minutes",
    "can_propose",
    "can_register",
    "can_see_online_link",
    "clusters_for_proposing",
    "clusters_of",
    "delegates_of",
    "get_action",
    "get_clusters_for_proposing",
    "get_document",
    "get_document_for_deleting",
    "get_document_for_participant",
    "get_event_for_calendar",
    "get_event_for_check_in",
    "get_event_for_delegating",
    "get_event_for_editing",
    "get_event_for_expectations",
    "get_event_for_figures",
    "get_event_for_minutes",
    "get_event_for_participants",
    "get_event_for_reading",
    "get_event_for_registering",
    "get_event_for_staff",
    "get_event_for_texts",
    "get_inbound_note",
    "get_invitation_by_token",
    "get_invitation_for_answering",
    "get_mailing_for_staff",
    "get_minutes_for_reading",
    "get_minutes_item_for_editing",
    "get_own_registration",
    "get_own_registration_for_wishes",
    "get_question_for_staff",
    "get_registration_by_ticket",
    "get_registration_by_token",
    "get_registration_for_calendar",
    "get_registration_for_certificate",
    "get_registration_for_check_in",
    "get_registration_for_moving",
    "get_registration_for_participants",
    "get_registration_for_reading",
    "get_registration_for_wishes",
    "get_session_for_calendar",
    "get_session_for_choosing",
    "get_user_for_feed",
    "has_place",
    "online_link_from",
    "online_link_is_open",
    "own_registration",
    "registration_facts",
    "require_staff",
    "visible_events",
]
