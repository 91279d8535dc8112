"""What every mail about an event says of it."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from core import mail
from core.choices import MailKind
from core.models import MailContent
from events.calendars import for_attendees, page_address, place
from events.dates import precision_note, when
from events.models import Event


def about(event: Event) -> dict[str, Any]:
    """Return what every mail about an event says of it, in the active language."""
    return {
        "event": event,
        "when": when(event),
        "when_note": precision_note(event),
        "place": place(event),
        "page_url": page_address(event),
    }


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
