"""What pages of an event suggest to staff about its invitations."""

from django import template

from events import deliveries, segments
from events.models import Event

register = template.Library()


@register.simple_tag
def people_to_remind(event: Event) -> int:
    """How many were invited and have not answered, while a reminder makes sense; else 0."""
    return segments.count_unanswered(event) if deliveries.can_remind(event) else 0
