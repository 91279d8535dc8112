"""Wishes for workshops and who is in which room."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.people import Person
from events.access.events import get_event_for_staff, visible_events
from events.access.registrations import get_registration_by_token
from events.choices import ChoiceMode
from events.models import Event, Registration


def get_registration_for_wishes(token: str) -> Registration:
    """Return the registration whose workshops are to be ranked; the link is the key."""
    registration = get_registration_by_token(token)
    if registration.event.choice_mode != ChoiceMode.WISHES:
        raise Http404
    return registration


def get_own_registration_for_wishes(user: User, slug: str) -> Registration:
    """Return the person's own registration for an event with ranked workshops."""
    event = get_object_or_404(visible_events(user), slug=slug, choice_mode=ChoiceMode.WISHES)
    own: Any = Registration.objects.of_user(user)
    found: Registration = get_object_or_404(
        own.active().filter(event=event).select_related("event").order_by("pk")[:1]
    )
    return found


def get_registration_for_moving(user: Person, slug: str, pk: int) -> tuple[Event, Registration]:
    """Return a person to be moved between workshops, with the event: staff only."""
    event = get_event_for_staff(user, slug)
    people: Any = Registration.objects.filter(event=event)
    registration: Registration = get_object_or_404(
        people.taking_a_place().select_related("cluster"), pk=pk
    )
    return event, registration
