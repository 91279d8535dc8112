"""The verbs of the matching app."""

from matching.services.amendments import refresh
from matching.services.blocks import block_cluster, lift_block
from matching.services.brokering import (
    choose_dates,
    propose_dates,
    propose_introduction,
    send_joint_mail,
)
from matching.services.digests import forget_digests, note_suggested_pairs, send_digests, set_digest
from matching.services.effects import STEPS as EFFECT_STEPS
from matching.services.effects import (
    ask_effect,
    compute_effect,
    effects_to_compute,
    failure_in_words,
    sample_clusters,
)
from matching.services.feedback import forget_feedback, give_feedback, undo_feedback
from matching.services.inputs import engine_weights
from matching.services.inquiries import answer_inquiry, ask_about_pair, inquiries_to_answer
from matching.services.introduction_times import (
    ask_what_came,
    close_introductions,
    end_introductions,
    forget_introductions,
    remind_of_introductions,
)
from matching.services.introductions import (
    answer_introduction,
    ask_introduction,
    ask_more_time,
    withdraw_introduction,
)
from matching.services.meetings import (
    ask_for_feedback,
    ask_for_timetable,
    ask_for_wishes,
    change_by_publishing,
    current_solving,
    delete_plan,
    feedback_figures,
    free_meeting,
    join_meetings,
    leave_meetings,
    lock_meeting,
    people_to_ask,
    place_meeting,
    publish_meetings,
    remove_meeting,
    remove_meetings,
    run_solving,
    save_feedback,
    save_meeting_wishes,
    save_plan,
    solvings_to_run,
    stop_solving,
    takes_wishes,
)
from matching.services.outcomes import record_outcome, remove_outcome
from matching.services.rounds import compute_round, left_unfinished
from matching.services.turns import RoundBusyError
from matching.services.vectors import compute_vectors, stale_texts
from matching.services.weights import (
    create_draft,
    discard_draft,
    draft_version,
    edit_draft,
    publish_draft,
    rebase_draft,
)

__all__ = [
    "EFFECT_STEPS",
    "RoundBusyError",
    "answer_inquiry",
    "answer_introduction",
    "ask_about_pair",
    "ask_effect",
    "ask_for_feedback",
    "ask_for_timetable",
    "ask_for_wishes",
    "ask_introduction",
    "ask_more_time",
    "ask_what_came",
    "block_cluster",
    "change_by_publishing",
    "choose_dates",
    "close_introductions",
    "compute_effect",
    "compute_round",
    "compute_vectors",
    "create_draft",
    "current_solving",
    "delete_plan",
    "discard_draft",
    "draft_version",
    "edit_draft",
    "effects_to_compute",
    "end_introductions",
    "engine_weights",
    "failure_in_words",
    "feedback_figures",
    "forget_digests",
    "forget_feedback",
    "forget_introductions",
    "free_meeting",
    "give_feedback",
    "inquiries_to_answer",
    "join_meetings",
    "leave_meetings",
    "left_unfinished",
    "lift_block",
    "lock_meeting",
    "note_suggested_pairs",
    "people_to_ask",
    "place_meeting",
    "propose_dates",
    "propose_introduction",
    "publish_draft",
    "publish_meetings",
    "rebase_draft",
    "record_outcome",
    "refresh",
    "remind_of_introductions",
    "remove_meeting",
    "remove_meetings",
    "remove_outcome",
    "run_solving",
    "sample_clusters",
    "save_feedback",
    "save_meeting_wishes",
    "save_plan",
    "send_digests",
    "send_joint_mail",
    "set_digest",
    "solvings_to_run",
    "stale_texts",
    "stop_solving",
    "takes_wishes",
    "undo_feedback",
    "withdraw_introduction",
]
