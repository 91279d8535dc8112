"""Taking part."""

from django.shortcuts import get_object_or_404

from accounts.models import User
from events.access.events import visible_events
from events.choices import EventStatus
from events.dates import has_day, is_over
from events.models import Event


def get_event_for_registering(user: User, slug: str) -> Event:
    """Return a published event; whether a place is left is the verb's question."""
    return get_object_or_404(visible_events(user), slug=slug)


def can_register(event: Event) -> bool:
    """Tell whether registering is open: published, with a known day, not over."""
    return event.status == EventStatus.PUBLISHED and has_day(event) and not is_over(event)
