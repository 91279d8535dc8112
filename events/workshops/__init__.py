"""Parallel workshops as pages and verbs see them: what is offered, who wishes for what."""

from events.workshops.offer import Offer, Workshop, offer_of, takes_wishes
from events.workshops.reading import (
    assigned_places,
    current_draft,
    current_published,
    held_places,
    people_to_assign,
    problem_of,
    rooms_of,
    wishes_of,
)
from events.workshops.words import joined, missed_text, rooms_text, session_line, shortage_text

__all__ = [
    "Offer",
    "Workshop",
    "assigned_places",
    "current_draft",
    "current_published",
    "held_places",
    "joined",
    "missed_text",
    "offer_of",
    "people_to_assign",
    "problem_of",
    "rooms_of",
    "rooms_text",
    "session_line",
    "shortage_text",
    "takes_wishes",
    "wishes_of",
]
