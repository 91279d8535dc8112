"""The day itself on the page of somebody's registration."""

from typing import Any

from django import template

from events.access import can_check_in
from events.choices import RegistrationState
from events.models import Registration
from events.tokens import make_ticket_token

register = template.Library()


@register.inclusion_tag("events/partials/_day_links.html", takes_context=True)
def day_links(context: dict[str, Any], registration: Registration) -> dict[str, Any]:
    """Lead who was there to the certificate, and who stands at the door to the check-in.

    The page opens with a link from a mail, so the door is shown to the signed-in person only.
    """
    user, event = context["request"].user, registration.event
    return {
        "event": event,
        "attended": registration.state == RegistrationState.ATTENDED,
        "ticket": make_ticket_token(registration.pk),
        "at_door": can_check_in(user, event),
    }
