"""Places in the sessions of an event, and each session's own waiting list.

Where ``Event.choice_mode`` is "first come", participants choose themselves. All of this runs with
the event's row locked.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events import dates, mails
from events.choices import (
    ChoiceMode,
    EventStatus,
    PlaceNews,
    PlaceState,
    RegistrationState,
    SessionPart,
    WaitingMode,
)
from events.models import Event, Registration, Session, SessionPlace

_OFFERS = 2


def free_places(session: Session) -> int | None:
    """Return how many places neither are taken nor kept for an offer; None without a limit."""
    if session.capacity is None:
        return None
    taken: int = session.places.counting().count()
    return max(session.capacity - taken, 0)


def settle(event: Event, now: datetime) -> None:
    """End the offers that ran out, and pass free places in sessions on."""
    _end_offers(event, now)
    if (
        event.choice_mode != ChoiceMode.FIRST_COME
        or event.status != EventStatus.PUBLISHED
        or event.waiting_mode != WaitingMode.AUTOMATIC
        or event.starts_at <= now
    ):
        return
    queued = Session.objects.filter(event=event, places__state=PlaceState.WAITING)
    sessions = list(queued.distinct().order_by("pk"))
    # Who moves to another session frees a place in theirs: look again until nobody moves.
    while any(_pass_on(event, session, now) for session in sessions):
        pass


def _pass_on(event: Event, session: Session, now: datetime) -> int:
    """Pass the free places of one session on; returns how many."""
    free = free_places(session)
    queue = session.places.queue().select_related("registration")
    heads = list(queue if free is None else queue[:free])
    for place in heads:
        place.registration.event = event
        if event.offer_hours and free is not None:
            offer(event, place, now)
        else:
            hold(place)
            mails.registration_news(
                place.registration, PlaceNews.SESSION_GIVEN, session=place.session
            )
    return len(heads)


def offer(event: Event, place: SessionPlace, now: datetime) -> None:
    """Keep a place in a session for the one at the head of its waiting list."""
    place.state = PlaceState.OFFERED
    place.offer_expires_at = min(now + timedelta(hours=event.offer_hours), event.starts_at)
    place.save(update_fields=["state", "offer_expires_at", "updated_at"])
    mails.registration_news(place.registration, PlaceNews.SESSION_OFFERED, session=place.session)


def _end_offers(event: Event, now: datetime) -> None:
    offers = SessionPlace.objects.filter(session__event=event, state=PlaceState.OFFERED)
    offers.filter(offer_expires_at__gt=event.starts_at).update(offer_expires_at=event.starts_at)
    begun = event.starts_at <= now
    if not begun:
        offers = offers.filter(offer_expires_at__lte=now)
    rows = offers.select_related("session", "registration").order_by("waiting_since", "pk")
    for number, place in enumerate(rows):
        place.registration.event = event
        place.lapsed_offers += 1
        if place.lapsed_offers < _OFFERS or begun:
            place.state = PlaceState.WAITING
            place.offer_expires_at = None
            place.waiting_since = now + timedelta(microseconds=number)
            place.save()
        else:
            place.delete()
        if not begun:
            mails.registration_news(
                place.registration, PlaceNews.SESSION_LAPSED, session=place.session
            )


def hold(place: SessionPlace, *, keeps_waiting: bool = False) -> None:
    """Give the place; those it excludes are given back: of the same run, of the same workshop.

    ``keeps_waiting``: the person goes on waiting for what they would like even better.
    """
    place.state = PlaceState.HELD
    place.offer_expires_at = None
    place.waiting_since = None
    place.save()
    for other in place.registration.places.exclude(pk=place.pk).select_related("session"):
        is_kept = keeps_waiting and other.state != PlaceState.HELD
        if excludes(place.session, other.session) and not is_kept:
            other.delete()


def excludes(one: Session, other: Session) -> bool:
    """Tell whether nobody can have a place in both: at the same time, or the same workshop."""
    same_run = one.run is not None and one.run == other.run
    return same_run or one.workshop_key == other.workshop_key


def _locked(registration: Registration) -> tuple[Event, Registration]:
    event = Event.objects.select_for_update().get(pk=registration.event_id)
    found: Registration = Registration.objects.get(pk=registration.pk)
    found.event = event
    if dates.is_over(event) or event.status != EventStatus.PUBLISHED:
        raise DomainError(_("The sessions of this event cannot be chosen any more."), code="over")
    if event.choice_mode != ChoiceMode.FIRST_COME:
        raise DomainError(_("There is nothing to choose at this event."), code="wrong_state")
    if found.state != RegistrationState.REGISTERED:
        raise DomainError(
            _("You can choose sessions as soon as you have a place at the event."),
            code="wrong_state",
        )
    return event, found


@transaction.atomic
def choose_session(
    *, registration: Registration, session: Session, user: User | None = None
) -> SessionPlace:
    """Take a place in a session, or one in its waiting list when it is full.

    A place taken replaces the one of the same run and that in another sitting of the same
    workshop; who only waits keeps what they have. An offered place is accepted. Twice is once.

    :raises DomainError: when the event has no choice, is over, or the person has no place there.
    """
    event, registration = _locked(registration)
    settle(event, timezone.now())
    session = Session.objects.get(pk=session.pk, event=event)
    if session.part != SessionPart.PARALLEL:
        raise DomainError(_("Everybody takes part in this session."), code="wrong_state")
    place: SessionPlace | None = registration.places.filter(session=session).first()
    if place is None:
        place = SessionPlace(registration=registration, session=session)
    elif place.state in (PlaceState.HELD, PlaceState.WAITING):
        return place
    offered = place.state == PlaceState.OFFERED
    place.registration, place.session = registration, session
    if offered:
        hold(place)
    elif free_places(session) != 0 and not session.places.queue().exists():
        hold(place, keeps_waiting=True)
    else:
        place.state = PlaceState.WAITING
        place.waiting_since = timezone.now()
        place.save()
    settle(event, timezone.now())
    return place


@transaction.atomic
def leave_session(
    *, registration: Registration, session: Session, user: User | None = None
) -> None:
    """Give back a place in a session, one in its waiting list, or an offer; twice is once.

    :raises DomainError: as :func:`choose_session`.
    """
    event, registration = _locked(registration)
    registration.places.filter(session=session).delete()
    settle(event, timezone.now())


@transaction.atomic
def pass_session_place(*, user: User, place: SessionPlace, at_once: bool) -> SessionPlace:
    """Offer or, ``at_once``, give somebody who waits for a session a place in it, by hand.

    :raises DomainError: when no place is free there, or the person does not wait (any more).
    """
    event, registration = _locked(place.registration)
    place = SessionPlace.objects.select_related("session").get(pk=place.pk)
    place.registration = registration
    if place.state not in (PlaceState.WAITING, PlaceState.OFFERED):
        raise DomainError(_("This person has a place already."), code="wrong_state")
    if place.state == PlaceState.WAITING and free_places(place.session) == 0:
        raise DomainError(
            _("All places of this session are taken. Offer more places first."), code="full"
        )
    if at_once:
        hold(place)
        mails.registration_news(registration, PlaceNews.SESSION_GIVEN, session=place.session)
    elif place.state == PlaceState.WAITING:
        offer(event, place, timezone.now())
    settle(event, timezone.now())
    return place
