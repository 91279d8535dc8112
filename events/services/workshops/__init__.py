"""Verbs about parallel workshops: wish, calculate, move, publish, discard."""

from events.services.workshops.asking import ask_for_draft, calculate_asked
from events.services.workshops.drafting import Keep, draft_assignment, needs_worker
from events.services.workshops.moving import fix_place, move_person
from events.services.workshops.publishing import (
    Change,
    change_by_publishing,
    discard_assignment,
    publish_assignment,
)
from events.services.workshops.wishes import save_wishes

__all__ = [
    "Change",
    "Keep",
    "ask_for_draft",
    "calculate_asked",
    "change_by_publishing",
    "discard_assignment",
    "draft_assignment",
    "fix_place",
    "move_person",
    "needs_worker",
    "publish_assignment",
    "save_wishes",
]
