"""What every mail about an event says of it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override

from core import mail
from core.choices import MailKind
from core.models import MailContent
from events.access.online import online_link_is_open
from events.calendars import for_attendees, online_words, page_address, place
from events.dates import precision_note, session_time, when
from events.models import Event, Session

_NEVER = datetime.max.replace(tzinfo=UTC)


def about(event: Event) -> dict[str, Any]:
    """Return what every mail about an event says of it, in the active language."""
    return {
        "event": event,
        "when": when(event),
        "when_note": precision_note(event),
        "place": place(event),
        "page_url": page_address(event),
    }


def programme_lines(sessions: Iterable[Session]) -> str:
    """Return a person's own sessions with time and room, a line each; empty without any."""
    ordered = sorted(sessions, key=lambda one: (one.starts_at or _NEVER, one.position))
    return "\n".join(
        ", ".join(filter(None, (session_time(session), str(session.title), session.room)))
        for session in ordered
    )


def participant_calendar(event: Event, method: str, *, programme: str, hub: str) -> str:
    """Return the calendar part for people who take part; ``hub`` is the hole of their page's link.

    It has the link for taking part online from the time on it is shown, before it their page.
    """
    online = event.online_url if online_link_is_open(event) else ""
    words = "" if method == "CANCEL" else online_words(event, online, hub)
    words = "\n\n".join(part for part in (programme, words) if part)
    return for_attendees(event, method, programme=words, confirmed=True, online=online)


def prepare(event: Event, name: str, language: str, kind: MailKind, method: str) -> MailContent:
    with override(language):
        calendar = for_attendees(event, method)
        return mail.prepare(
            name,
            language=language,
            kind=kind,
            context=about(event),
            reply_to=settings.CONTACT_EMAIL,
            calendar=calendar,
            calendar_method=method if calendar else "",
        )
