"""Places of an event and its waiting list.

Everything here is called with the event's row locked, by verbs that act for a person, or by
:func:`expire_offers`, which beat runs. The order of the waiting list is the order of arrival; a
place is given or offered to its head only. An offered place counts as taken, so the capacity holds
whatever happens meanwhile. States as a picture: ``docs/events.md``.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import Cluster
from core.errors import DomainError
from events import dates, mails
from events.choices import EventStatus, PlaceNews, RegistrationState, WaitingMode
from events.models import Event, Registration, SessionPlace
from events.services import session_places

# Who lets that many offers run out leaves the waiting list.
_OFFERS = 2


def lock(event_id: int) -> Event:
    """Return the event with its row locked: places change hands one after the other."""
    event: Event = Event.objects.select_for_update().get(pk=event_id)
    return event


def check_open(event: Event) -> None:
    """:raises DomainError: when nobody can take part in ``event`` (any more)."""
    if event.status == EventStatus.CANCELLED:
        raise DomainError(_("This event has been cancelled."), code="cancelled")
    if dates.is_over(event):
        raise DomainError(_("This event is over."), code="over")


def check_registrable(event: Event) -> None:
    """:raises DomainError: when ``event`` takes no new registrations."""
    check_open(event)
    if event.status != EventStatus.PUBLISHED or not dates.has_day(event):
        raise DomainError(_("Registration is not open for this event."), code="registration_closed")
    closes = event.registration_closes_at
    if closes is not None and closes <= timezone.now():
        raise DomainError(
            _("Registration closed on %(moment)s. Please ask the office whether a place is left.")
            % {"moment": dates.moment(closes)},
            code="registration_closed",
        )


def check_quota(event: Event, cluster: Cluster | None, coming: int = 1) -> None:
    """:raises DomainError: when ``coming`` more people of ``cluster`` would be too many."""
    if event.cluster_quota is None or cluster is None:
        return
    there = event.registrations.active().filter(cluster=cluster).count()
    if there + coming > event.cluster_quota:
        allowed = ngettext(
            "At most %(quota)d person of one cluster can come.",
            "At most %(quota)d people of one cluster can come.",
            event.cluster_quota,
        ) % {"quota": event.cluster_quota}
        known = ngettext(
            "%(there)d person of %(cluster)s is registered already.",
            "%(there)d people of %(cluster)s are registered already.",
            there,
        ) % {"there": there, "cluster": cluster}
        raise DomainError(f"{allowed} {known}", field="cluster", code="quota")


def admit(
    event: Event,
    registration: Registration,
    *,
    approved: bool = False,
    inherits: Registration | None = None,
) -> None:
    """Set the state of somebody who wants to come: registered, waiting, or to be approved.

    While others wait, a new arrival goes behind them, even if a place is free. Who inherits gets
    what somebody else has just given back for them: their place, or theirs on the waiting list.
    Nothing is saved.
    """
    registration.offer_expires_at = None
    registration.waiting_since = None
    registration.lapsed_offers = 0
    registration.decision_reason = ""
    inherited = inherits.state if inherits else None
    if event.approval_required and not approved:
        registration.state = RegistrationState.REQUESTED
    elif inherited == RegistrationState.REGISTERED or (
        inherited is None and event.free_places() != 0 and not event.registrations.queue().exists()
    ):
        registration.state = RegistrationState.REGISTERED
    else:
        registration.state = RegistrationState.WAITING
        since = inherits.waiting_since if inherits else None
        registration.waiting_since = since or timezone.now()


def release(registration: Registration, state: RegistrationState) -> bool:
    """Take a person out, in ``state``; returns whether they had a place and are to be told so.

    Their sessions become free, too. The caller passes the place on with :func:`settle`.
    """
    had_place: bool = registration.state == RegistrationState.REGISTERED
    registration.state = state
    registration.offer_expires_at = None
    registration.waiting_since = None
    if had_place:
        registration.calendar_revision += 1
    registration.save()
    registration.places.all().delete()
    return had_place


def offer(event: Event, registrations: Iterable[Registration], now: datetime) -> None:
    """Keep a place for each of them until the offer ends, at the latest when the event begins."""
    until = min(now + timedelta(hours=event.offer_hours), event.starts_at)
    for registration in registrations:
        registration.event = event
        registration.state = RegistrationState.OFFERED
        registration.offer_expires_at = until
        registration.save(update_fields=["state", "offer_expires_at", "updated_at"])
        mails.registration_news(registration, PlaceNews.OFFERED)


def give(event: Event, registration: Registration, news: PlaceNews) -> None:
    """Make somebody a participant who waited, was offered a place or had asked for one."""
    registration.event = event
    registration.state = RegistrationState.REGISTERED
    registration.offer_expires_at = None
    registration.waiting_since = None
    registration.save()
    mails.registration_news(registration, news)


def settle(event: Event) -> None:
    """End the offers that ran out and pass free places on; run after whatever may free a place.

    Nobody is passed over: the places go to the head of the waiting list. Doing it again changes
    nothing.
    """
    now = timezone.now()
    _end_offers(event, now)
    if event.status == EventStatus.PUBLISHED and event.waiting_mode == WaitingMode.AUTOMATIC:
        _pass_on(event, now)
    session_places.settle(event, now)


def _pass_on(event: Event, now: datetime) -> None:
    if event.starts_at <= now:
        return
    queue = event.registrations.queue()
    free = event.free_places()
    heads = list(queue if free is None else queue[:free])
    if event.offer_hours and free is not None:
        offer(event, heads, now)
        return
    # Where nothing is scarce or no time is given, asking first would only cost days.
    for registration in heads:
        give(event, registration, PlaceNews.PROMOTED)


def _end_offers(event: Event, now: datetime) -> None:
    """Put people whose offer ran out at the end of the waiting list, the second time out of it."""
    offers = event.registrations.filter(state=RegistrationState.OFFERED)
    # The event may begin earlier than when the offers were made.
    offers.filter(offer_expires_at__gt=event.starts_at).update(offer_expires_at=event.starts_at)
    begun = event.starts_at <= now
    if not begun:
        offers = offers.filter(offer_expires_at__lte=now)
    is_off = begun or event.status != EventStatus.PUBLISHED
    for place, registration in enumerate(offers.order_by("waiting_since", "pk")):
        registration.event = event
        registration.lapsed_offers += 1
        registration.offer_expires_at = None
        if registration.lapsed_offers < _OFFERS or is_off:
            registration.state = RegistrationState.WAITING
            # One after the other: those who lapse together keep their order.
            registration.waiting_since = now + timedelta(microseconds=place)
            news = PlaceNews.LAPSED
        else:
            registration.state = RegistrationState.CANCELLED
            registration.waiting_since = None
            news = PlaceNews.LAPSED_OUT
        registration.save()
        if not is_off:
            mails.registration_news(registration, news)


def expire_offers() -> int:
    """Settle every event whose offers ran out or whose waiting list can move; returns how many.

    Run by beat. The second reason is rare: verbs settle themselves, only changes by hand do not.
    """
    ids = {
        *Registration.objects.with_lapsed_offer().values_list("event_id", flat=True),
        *SessionPlace.objects.with_lapsed_offer().values_list("session__event_id", flat=True),
        *Event.objects.with_movable_queue().values_list("pk", flat=True),
    }
    for event_id in sorted(ids):
        with transaction.atomic():
            settle(lock(event_id))
    return len(ids)
