"""What the page about a registration shows, gathered in a fixed number of queries. Only reads."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from events import dates
from events.choices import ChoiceMode, EventStatus, PlaceState, RegistrationState, SessionPart
from events.models import Event, Registration, Session, SessionPlace


@dataclass(frozen=True)
class SessionOption:
    """A session a person may choose, what they have in it, and how full it is."""

    session: Session
    place: SessionPlace | None
    free: int | None
    waiting: int

    @property
    def is_full(self) -> bool:
        return self.free == 0 or self.waiting > 0


@dataclass(frozen=True)
class Run:
    """Sessions at the same time: a person has a place in one of them."""

    number: int | None
    options: list[SessionOption]


def is_lapsed(row: Registration | SessionPlace) -> bool:
    """Tell whether an offer has run out that beat has not ended yet."""
    until = row.offer_expires_at
    return until is not None and until <= timezone.now()


def position(registration: Registration) -> int | None:
    """Return where the person stands in the waiting list, counted from 1."""
    if registration.state != RegistrationState.WAITING:
        return None
    ahead: int = registration.event.registrations.queue().ahead_of(registration).count()
    return ahead + 1


def session_runs(registration: Registration) -> list[Run]:
    """Return the sessions the person may choose among, by run; empty where there is no choice."""
    event = registration.event
    if (
        event.choice_mode != ChoiceMode.FIRST_COME
        or registration.state != RegistrationState.REGISTERED
    ):
        return []
    places: Any = SessionPlace.objects.filter(session__event=event)
    mine = {
        place.session_id: place
        for place in places.with_position().filter(registration=registration)
    }
    taking = Q(places__state__in=(PlaceState.HELD, PlaceState.OFFERED))
    sessions = (
        Session.objects.filter(event=event, part=SessionPart.PARALLEL)
        .annotate(
            taken=Count("places", filter=taking),
            queued=Count("places", filter=Q(places__state=PlaceState.WAITING)),
        )
        .order_by("run", "track", "position", "pk")
    )
    options = [
        SessionOption(
            session=session,
            place=mine.get(session.pk),
            free=None if session.capacity is None else max(session.capacity - session.taken, 0),
            waiting=session.queued,
        )
        for session in sessions
    ]
    return [
        Run(number, list(rows))
        for number, rows in groupby(options, key=lambda option: option.session.run)
    ]


def facts(registration: Registration) -> dict[str, Any]:
    """Return what the page says besides its form."""
    event: Event = registration.event
    is_over = dates.is_over(event)
    is_open = event.status == EventStatus.PUBLISHED and not is_over
    held = registration.places.held().select_related("session")
    return {
        "registration": registration,
        "event": event,
        "is_over": is_over,
        "is_open": is_open,
        "has_day": dates.has_day(event),
        "position": position(registration),
        "is_lapsed": is_lapsed(registration),
        "deadline": dates.moment(registration.offer_expires_at)
        if registration.offer_expires_at
        else "",
        "takes_part": registration.state
        in (RegistrationState.REGISTERED, RegistrationState.ATTENDED),
        "is_gone": registration.state in (RegistrationState.CANCELLED, RegistrationState.DECLINED),
        "runs": session_runs(registration) if is_open else [],
        "held": held.order_by("session__starts_at", "session__position"),
        "chooses": event.choice_mode == ChoiceMode.FIRST_COME,
    }
