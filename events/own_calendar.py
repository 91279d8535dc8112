"""What a person's own calendar holds. Pure reading, in a fixed number of queries."""

from datetime import timedelta
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import User
from events import calendars
from events.access.online import online_link_is_open
from events.choices import Answer
from events.models import Event, Invitation, Registration, SessionPlace

# How far back calendars reach.
PAST_SHOWN = timedelta(days=366)
_MOST = 500


def _with_held_places() -> Any:
    held: Any = SessionPlace.objects.held()
    places = held.select_related("session").order_by("session__starts_at", "pk")
    return Prefetch("places", places, to_attr="held_places")


def own_calendar(user: User, language: str) -> bytes:
    """Return the calendar file of everything ``user`` is registered for or invited to."""
    public: Any = Event.objects.published().dated()
    shown = public.filter(starts_at__gte=timezone.now() - PAST_SHOWN)
    with_event = Prefetch("event", Event.objects.with_calendar_data())
    own: Any = Registration.objects.of_user(user).active().filter(event__in=shown.values("pk"))
    registrations = list(
        own.prefetch_related(with_event, _with_held_places()).order_by("-event__starts_at")[:_MOST]
    )
    known = {registration.event_id for registration in registrations}
    invited: Any = Invitation.objects.of_user(user).filter(
        event__in=shown.values("pk"), answer__in=("", Answer.MAYBE)
    )
    invitations = list(
        invited.exclude(event__in=known)
        .prefetch_related(with_event)
        .order_by("-event__starts_at", "pk")[:_MOST]
    )
    # One person may have been invited under two addresses.
    once = {invitation.event_id: invitation for invitation in reversed(invitations)}
    return calendars.for_person(
        [(one, _sessions(one), online_link_is_open(one.event)) for one in registrations],
        once.values(),
        language,
    )


def own_programme(registration: Registration) -> bytes:
    """Return the calendar file of one registration: the event and the parts with a place."""
    own: Any = Registration.objects.filter(pk=registration.pk)
    full = own.prefetch_related(
        Prefetch("event", Event.objects.with_calendar_data()), _with_held_places()
    ).get()
    is_open = online_link_is_open(full.event)
    return calendars.for_registration(full, _sessions(full), link_is_open=is_open)


def _sessions(registration: Any) -> list[Any]:
    return [place.session for place in registration.held_places]
