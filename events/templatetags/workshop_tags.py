"""A person's workshops on the pages of other slices."""

from typing import Any

from django import template

from events import workshops
from events.choices import ChoiceMode, PlaceState
from events.models import Registration, SessionPlace
from events.querysets.registration import GONE
from events.tokens import make_registration_token

register = template.Library()


@register.inclusion_tag("events/partials/_my_rooms.html")
def my_rooms(registration: Registration) -> dict[str, Any]:
    """The person's rooms, or, before they are known, their wishes and where to state them."""
    event = registration.event
    if event.choice_mode != ChoiceMode.WISHES or registration.state in GONE:
        return {"shown": False}
    offer = workshops.offer_of(event)
    if not offer.sessions:
        return {"shown": False}
    rooms = workshops.rooms_of(registration, offer)
    return {
        "shown": True,
        "event": event,
        "rooms": rooms,
        "wishes": [offer.title(row.workshop) for row in registration.choices.all()],
        "token": make_registration_token(registration.pk),
        "is_open": not rooms and workshops.takes_wishes(event),
    }


@register.simple_tag
def my_session_ids(registration: Registration | None) -> set[int]:
    """The sessions in which the person has a place, to mark them in the programme."""
    if registration is None or registration.state in GONE:
        return set()
    places = SessionPlace.objects.filter(registration=registration, state=PlaceState.HELD)
    return set(places.values_list("session_id", flat=True))
