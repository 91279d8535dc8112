"""The gates of the matching app: each fetches and authorises in one call.

What a person may not see does not exist for them (404); what they see but may not change is
forbidden (403).
"""

from matching.access.introductions import (
    Seat,
    can_ask,
    get_introduction_for_staff,
    get_introduction_for_view,
    get_introduction_for_withdrawal,
    get_pair_by_suggestion_token,
    get_pair_for_asking,
    get_seat,
    get_seat_by_answer_token,
    get_seat_by_outcome_token,
)
from matching.access.meetings import (
    get_event_for_meetings,
    get_meeting_for_staff,
    get_own_meeting,
    get_own_registration_for_meetings,
    get_participant_for_staff,
    get_plan_for_staff,
    get_registration_for_meetings,
    own_participant,
)
from matching.access.office import (
    get_draft_for_staff,
    get_round_for_staff,
    get_weights_for_restore,
    require_staff,
)
from matching.access.questions import (
    clusters_standing_for,
    get_event_for_circle,
    get_need_for_answers,
    get_pair,
    get_topic_for_circle,
)
from matching.access.suggestions import (
    audience_of,
    clusters_with_suggestions,
    current_suggestions,
    get_block_for_lift,
    get_cluster_for_blocks,
    get_cluster_for_suggestions,
    get_partner_for_block,
    visible_suggestions,
)

__all__ = [
    "Seat",
    "audience_of",
    "can_ask",
    "clusters_standing_for",
    "clusters_with_suggestions",
    "current_suggestions",
    "get_block_for_lift",
    "get_cluster_for_blocks",
    "get_cluster_for_suggestions",
    "get_draft_for_staff",
    "get_event_for_circle",
    "get_event_for_meetings",
    "get_introduction_for_staff",
    "get_introduction_for_view",
    "get_introduction_for_withdrawal",
    "get_meeting_for_staff",
    "get_need_for_answers",
    "get_own_meeting",
    "get_own_registration_for_meetings",
    "get_pair",
    "get_pair_by_suggestion_token",
    "get_pair_for_asking",
    "get_participant_for_staff",
    "get_partner_for_block",
    "get_plan_for_staff",
    "get_registration_for_meetings",
    "get_round_for_staff",
    "get_seat",
    "get_seat_by_answer_token",
    "get_seat_by_outcome_token",
    "get_topic_for_circle",
    "get_weights_for_restore",
    "own_participant",
    "require_staff",
    "visible_suggestions",
]
