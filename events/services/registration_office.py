"""What staff does with registrations: decide, give places, move, cancel, add, send again."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from events import mails
from events.choices import (
    Answer,
    AnswerSource,
    ParticipantGroup,
    PlaceNews,
    RegistrationSource,
    RegistrationState,
)
from events.models import Event, Registration
from events.querysets.registration import GONE
from events.services import places
from events.services.registrations import NEWS, enter, leave, sync_invitation


def _chosen(event: Event, ids: Iterable[int], *states: RegistrationState) -> list[Registration]:
    """Return the event's registrations among ``ids`` in these states, in order of arrival."""
    rows: QuerySet[Registration] = event.registrations.filter(pk__in=list(ids))
    if states:
        rows = rows.filter(state__in=states)
    found = list(rows.select_related("cluster", "user").order_by("created_at", "pk"))
    for registration in found:
        registration.event = event
    return found


def _reason(reason: str) -> str:
    if not reason.strip():
        raise DomainError(
            _("Please give a reason. It is sent to the person."), field="reason", code="required"
        )
    return reason.strip()


@transaction.atomic
def approve_registrations(*, user: User, event: Event, ids: Iterable[int]) -> int:
    """Approve requests in order of arrival; when places run out, the rest waits. Returns how many.

    :raises DomainError: when the event is over or cancelled.
    """
    event = places.lock(event.pk)
    places.check_open(event)
    rows = _chosen(event, ids, RegistrationState.REQUESTED)
    for registration in rows:
        places.admit(event, registration, approved=True)
        registration.save()
        registered = registration.state == RegistrationState.REGISTERED
        news = PlaceNews.APPROVED if registered else PlaceNews.WAITING
        mails.registration_news(registration, news)
    places.settle(event)
    return len(rows)


@transaction.atomic
def decline_registrations(*, user: User, event: Event, ids: Iterable[int], reason: str) -> int:
    """Turn requests down, and people on the waiting list; returns how many.

    :raises DomainError: without a reason.
    """
    event, reason = places.lock(event.pk), _reason(reason)
    rows = _chosen(event, ids, RegistrationState.REQUESTED, RegistrationState.WAITING)
    for registration in rows:
        registration.decision_reason = reason
        leave(event, registration, RegistrationState.DECLINED, PlaceNews.DECLINED, reason=reason)
    return len(rows)


@transaction.atomic
def cancel_registrations(*, user: User, event: Event, ids: Iterable[int], reason: str) -> int:
    """Take people out whatever they have, and tell them why; returns how many.

    :raises DomainError: without a reason.
    """
    event, reason = places.lock(event.pk), _reason(reason)
    rows = [
        row for row in _chosen(event, ids) if row.state not in (*GONE, RegistrationState.ATTENDED)
    ]
    for registration in rows:
        registration.decision_reason = reason
        leave(event, registration, RegistrationState.CANCELLED, PlaceNews.REMOVED, reason=reason)
        sync_invitation(event, registration.email, Answer.NO, AnswerSource.STAFF)
    return len(rows)


@transaction.atomic
def restore_registrations(*, user: User, event: Event, ids: Iterable[int]) -> int:
    """Take people up again who were declined or cancelled, as if they came now; returns how many.

    :raises DomainError: when the event is over or cancelled.
    """
    event = places.lock(event.pk)
    places.check_open(event)
    rows = _chosen(event, ids, RegistrationState.CANCELLED, RegistrationState.DECLINED)
    for registration in rows:
        if registration.calendar_revision:
            registration.calendar_revision += 1
        places.admit(event, registration, approved=True)
        registration.save()
        mails.registration_news(registration, PlaceNews.RESTORED)
    places.settle(event)
    return len(rows)


@transaction.atomic
def give_places(*, user: User, event: Event, ids: Iterable[int]) -> int:
    """Make people participants who wait or were offered a place; returns how many.

    :raises DomainError: when there are fewer free places, or the event is over.
    """
    event = places.lock(event.pk)
    places.check_open(event)
    rows = _chosen(event, ids, RegistrationState.WAITING, RegistrationState.OFFERED)
    _check_room(event, sum(row.state == RegistrationState.WAITING for row in rows))
    for registration in rows:
        places.give(event, registration, PlaceNews.PROMOTED)
    places.settle(event)
    return len(rows)


@transaction.atomic
def offer_places(*, user: User, event: Event, ids: Iterable[int]) -> int:
    """Keep a place for people who wait until they have answered; returns how many.

    :raises DomainError: when there are fewer free places, or the event has begun.
    """
    event = places.lock(event.pk)
    places.check_open(event)
    now = timezone.now()
    if event.starts_at <= now:
        raise DomainError(_("The event has begun. Please give the places at once."), code="begun")
    rows = _chosen(event, ids, RegistrationState.WAITING)
    _check_room(event, len(rows))
    places.offer(event, rows, now)
    return len(rows)


def _check_room(event: Event, wanted: int) -> None:
    free = event.free_places()
    if free is not None and wanted > free:
        raise DomainError(
            _("Only %(free)d places are free. Offer more places at the event, or choose fewer.")
            % {"free": free},
            code="full",
        )


@transaction.atomic
def move_group(*, user: User, event: Event, ids: Iterable[int], group: ParticipantGroup) -> int:
    """Put people into another group, such as the speakers; returns how many."""
    event = places.lock(event.pk)
    moved: int = event.registrations.filter(pk__in=list(ids)).update(
        group=group, updated_at=timezone.now()
    )
    return moved


@transaction.atomic
def add_person(
    *,
    user: User,
    event: Event,
    name: str,
    email: str,
    cluster: Cluster | None = None,
    group: ParticipantGroup = ParticipantGroup.PARTICIPANT,
    language: str = "de",
) -> Registration:
    """Register somebody who wrote or called; they are told by mail.

    No approval is needed, registration may be closed, a quota may be exceeded; places are not.

    :raises DomainError: when the event is over, or the person is registered already.
    """
    event = places.lock(event.pk)
    places.check_open(event)
    known = event.registrations.active().filter(email__iexact=email).exists()
    if known:
        raise DomainError(
            _("This address is registered already."), field="email", code="registered_already"
        )
    account = User.objects.filter(email__iexact=email).first()
    registration = enter(
        event,
        email=email,
        name=name,
        user=account,
        cluster=cluster,
        source=RegistrationSource.STAFF,
        language=account.language if account else language,
        is_by_office=True,
    )
    registration.group = group
    registration.save(update_fields=["group", "updated_at"])
    sync_invitation(event, email, Answer.YES, AnswerSource.STAFF)
    places.settle(event)
    return registration


@transaction.atomic
def resend_confirmations(*, user: User, event: Event, ids: Iterable[int]) -> int:
    """Send people once more what their registration stands at; returns how many are told."""
    event = places.lock(event.pk)
    told = 0
    for registration in _chosen(event, ids, *NEWS):
        mails.registration_news(registration, NEWS[RegistrationState(registration.state)])
        told += bool(registration.email) and not registration.is_example
    return told
