"""Verbs of 1:1 meetings, one file for each kind of work."""

from matching.services.meetings.feedback import save_feedback
from matching.services.meetings.moving import (
    free_meeting,
    lock_meeting,
    place_meeting,
    remove_meeting,
)
from matching.services.meetings.publishing import (
    Change,
    cancel_with_events,
    change_by_publishing,
    publish_meetings,
)
from matching.services.meetings.removal import feedback_figures, remove_meetings
from matching.services.meetings.setup import (
    ask_for_feedback,
    ask_for_wishes,
    delete_plan,
    people_to_ask,
    save_plan,
)
from matching.services.meetings.solving import (
    ask_for_timetable,
    current_solving,
    run_solving,
    solvings_to_run,
    stop_solving,
)
from matching.services.meetings.wishes import (
    join_meetings,
    leave_meetings,
    save_meeting_wishes,
    takes_wishes,
)

__all__ = [
    "Change",
    "ask_for_feedback",
    "ask_for_timetable",
    "ask_for_wishes",
    "cancel_with_events",
    "change_by_publishing",
    "current_solving",
    "delete_plan",
    "feedback_figures",
    "free_meeting",
    "join_meetings",
    "leave_meetings",
    "lock_meeting",
    "people_to_ask",
    "place_meeting",
    "publish_meetings",
    "remove_meeting",
    "remove_meetings",
    "run_solving",
    "save_feedback",
    "save_meeting_wishes",
    "save_plan",
    "solvings_to_run",
    "stop_solving",
    "takes_wishes",
]
