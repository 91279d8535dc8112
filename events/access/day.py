"""The day itself: who checks in, who sees the list of participants, whose ticket it is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.people import Person
from events.access.registrations import get_registration_by_token
from events.choices import ParticipantGroup, RegistrationState
from events.models import Event, Registration
from events.querysets.registration import TAKING_A_PLACE
from events.tokens import read_ticket_token


def can_check_in(user: Person, event: Event) -> bool:
    """Tell whether ``user`` stands at the door: staff, and who is registered as team."""
    if not user.is_authenticated:
        return False
    return user.is_staff or _own(user, event).filter(group=ParticipantGroup.TEAM).exists()


def _own(user: Any, event: Event) -> Any:
    registrations: Any = Registration.objects.filter(event=event)
    return registrations.of_user(user).taking_a_place()


def get_event_for_check_in(user: Person, slug: str) -> Event:
    """Return an event whose people ``user`` may check in."""
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    if not can_check_in(user, event):
        raise PermissionDenied
    return event


def get_registration_for_check_in(user: Person, slug: str, pk: int) -> Registration:
    """Return somebody of an event whose people ``user`` may check in."""
    event = get_event_for_check_in(user, slug)
    registrations: Any = Registration.objects.filter(event=event)
    found: Registration = get_object_or_404(registrations.select_related("event", "cluster"), pk=pk)
    return found


def get_event_for_participants(user: Person, slug: str) -> Event:
    """Return an event whose list of participants ``user`` may see.

    Staff sees it always, participants where the event shows it; for others there is none.
    """
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    if user.is_staff:
        return event
    if event.anonymised_at or not event.shows_participants or not user.is_authenticated:
        raise Http404
    if not _own(user, event).exists():
        raise Http404
    return event


def get_registration_for_participants(token: str) -> Registration:
    """Return the registration of a participant who may see who else takes part."""
    found = get_registration_by_token(token)
    if (
        found.event.anonymised_at
        or not found.event.shows_participants
        or found.state not in TAKING_A_PLACE
    ):
        raise Http404
    return found


def get_registration_by_ticket(token: str) -> Registration:
    """Return the registration a QR code stands for; altered codes lead nowhere."""
    pk = read_ticket_token(token)
    if pk is None:
        raise Http404(_("This is no valid ticket. Please scan the QR code once more."))
    published: Any = Event.objects.published().filter(anonymised_at=None)
    registrations: Any = Registration.objects.filter(event__in=published.values("pk"))
    found: Registration = get_object_or_404(
        registrations.select_related("event", "cluster", "user"), pk=pk
    )
    return found


def get_registration_for_certificate(token: str) -> Registration:
    """Return the registration of somebody who was there; for others there is no certificate."""
    found = get_registration_by_ticket(token)
    if found.state != RegistrationState.ATTENDED:
        raise Http404(_("There is a certificate for those who were checked in at the event."))
    return found
