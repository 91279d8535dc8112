"""What search reads about events."""

from collections.abc import Iterable

from core.search import Document, Part
from events.models import Event

_WORDS = """
    doc.city,
    (SELECT string_agg(topic.title_{language}, ' ')
        FROM topics_topic AS topic
        JOIN events_event_topics AS link ON link.topic_id = topic.id
        WHERE link.event_id = doc.id AND topic.status IN ('open', 'focus', 'in_work', 'done')),
    (SELECT string_agg(concat_ws(' ', term.label_{language}, term.label_de,
            array_to_string(term.synonyms, ' ')), ' ')
        FROM clusters_term AS term
        JOIN events_event_terms AS link ON link.term_id = term.id
        WHERE link.event_id = doc.id)
"""

EVENT = Document(
    Event,
    [
        Part("A", "doc.title_{language}"),
        Part("B", _WORDS),
        Part("C", "doc.summary_{language}"),
    ],
)


def refresh_search(ids: Iterable[int] | None = None) -> int:
    """Make the events ``ids`` (all when None) findable by what they say now."""
    return EVENT.refresh(ids)
