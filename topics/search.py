"""What search reads about topics."""

from collections.abc import Iterable

from core.search import Document, Part
from topics.models import Topic

_TERMS = """
    (SELECT string_agg(concat_ws(' ', term.label_{language}, term.label_de,
            array_to_string(term.synonyms, ' ')), ' ')
        FROM clusters_term AS term
        JOIN topics_topic_terms AS link ON link.term_id = term.id
        WHERE link.topic_id = doc.id)
"""

TOPIC = Document(
    Topic,
    [
        Part("A", "doc.title_{language}"),
        Part("B", _TERMS),
        Part("C", "doc.summary_{language}, doc.wanted_{language}"),
    ],
)


def refresh_search(ids: Iterable[int] | None = None) -> int:
    """Make the topics ``ids`` (all when None) findable by what they say now."""
    return TOPIC.refresh(ids)
