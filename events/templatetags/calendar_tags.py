"""Calendars to subscribe to, and what waits in the mailbox, for pages of any kind."""

from django import template

from core.models import InboundNote
from events.forms import SubscriptionForm

register = template.Library()


@register.simple_tag
def subscription_form(form: object = None) -> SubscriptionForm:
    """Return the choice of a calendar to subscribe to: the page's own one, or an empty one."""
    return form if isinstance(form, SubscriptionForm) else SubscriptionForm()


@register.simple_tag
def open_inbound_notes() -> int:
    """Return how many mails nobody understood wait for staff."""
    return InboundNote.objects.filter(done_at=None).count()
