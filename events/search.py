"""What search reads about events."""

from collections.abc import Iterable

from core.search import Document, Part
from events.models import Event


def _terms(language: str) -> str:
    return (
        "(SELECT string_agg(concat_ws(' ', term.label_{language}, term.label_de,"
        " array_to_string(term.synonyms, ' ')), ' ') FROM clusters_term AS term"
        " JOIN events_event_terms AS link ON link.term_id = term.id WHERE link.event_id = doc.id)"
    ).format(language=language)


def _topics(language: str) -> str:
    return (
        "(SELECT string_agg(topic.title_{language}, ' ') FROM topics_topic AS topic"
        " JOIN events_event_topics AS link ON link.topic_id = topic.id"
        " WHERE link.event_id = doc.id AND topic.status IN ('open', 'focus', 'in_work', 'done'))"
    ).format(language=language)


EVENT = Document(
    Event,
    [
        Part("A", "doc.title_de", "doc.title_en"),
        Part(
            "B",
            f"doc.city, {_terms('de')}, {_topics('de')}",
            f"doc.city, {_terms('en')}, {_topics('en')}",
        ),
        Part("C", "doc.summary_de", "doc.summary_en"),
    ],
)


def refresh_search(ids: Iterable[int] | None = None) -> int:
    """Make the events ``ids`` (all when None) findable by what they say now."""
    return EVENT.refresh(ids)
