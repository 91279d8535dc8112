"""Verbs of the day: who is there, who is not, and who came without being registered."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from events.choices import EventStatus, RegistrationSource, RegistrationState
from events.dates import has_day
from events.models import CheckInMark, Event, Registration
from events.querysets.registration import TAKING_A_PLACE

# Helpers practise on the evening before; earlier marks would be mistakes.
_OPENS_BEFORE = timedelta(hours=24)
# A device that was forgotten in a bag may still tell what it knows.
_OLDEST = timedelta(days=7)


@dataclass(frozen=True)
class Mark:
    """One tap: ``age`` is how long ago it was when the device sent it, so its clock may be wrong.

    ``admit`` lets in somebody who holds no place.
    """

    id: uuid.UUID
    registration: int
    is_present: bool
    age: timedelta = timedelta(0)
    admit: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a mark: ``stored``, ``known`` (sent before), ``refused`` or ``unknown``."""

    id: uuid.UUID
    registration: int
    outcome: str
    message: str = ""


@dataclass(frozen=True)
class WalkIn:
    """Somebody at the door who is not on the list; ``id`` makes a form sent twice count once."""

    id: uuid.UUID
    name: str
    email: str = ""
    cluster: Cluster | None = None
    language: str = "de"
    list_consent: bool = False
    age: timedelta = timedelta(0)


def opens_at(event: Event) -> datetime:
    """Return the moment from which people can be checked in."""
    return event.starts_at - _OPENS_BEFORE


def check_in_is_open(event: Event) -> bool:
    """Tell whether marks are taken: published, from a day before, until the names are gone."""
    return (
        event.status == EventStatus.PUBLISHED
        and has_day(event)
        and opens_at(event) <= timezone.now()
        and event.anonymised_at is None
    )


def _check_open(event: Event) -> None:
    """:raises DomainError: when nobody can be checked in."""
    if event.status == EventStatus.CANCELLED:
        raise DomainError(_("This event has been cancelled."), code="cancelled")
    if event.anonymised_at is not None:
        raise DomainError(_("The names of this event have been removed."), code="removed")
    if not check_in_is_open(event):
        raise DomainError(_("Check-in opens 24 hours before the event begins."), code="too_early")


def _moment(age: timedelta, received: datetime) -> datetime:
    """When a mark was made, on our clock: never in the future, never older than a week."""
    return received - min(max(age, timedelta(0)), _OLDEST)


def refusal(registration: Registration) -> str:
    """Return why somebody cannot be checked in just so; empty when they can."""
    name = registration.name or registration.email
    match registration.state:
        case RegistrationState.WAITING | RegistrationState.OFFERED:
            text = _("%(name)s is on the waiting list. Let them in all the same?")
        case RegistrationState.REQUESTED:
            text = _("%(name)s has not been approved yet. Let them in all the same?")
        case RegistrationState.CANCELLED | RegistrationState.DECLINED:
            text = _("%(name)s is not registered any more. Let them in as a walk-in?")
        case _:
            return ""
    return text % {"name": name}


def _settle(registration: Registration, is_present: bool, marked_at: datetime) -> None:
    """Make the state follow the latest mark.

    Who was let in from the waiting list keeps ``waiting_since`` and goes back there when the mark
    is undone; a walk-in whose mark is undone has not been here.
    """
    if is_present:
        if registration.state not in (RegistrationState.WAITING, RegistrationState.OFFERED) and (
            registration.state != RegistrationState.ATTENDED
        ):
            registration.waiting_since = None
        if registration.state in (RegistrationState.CANCELLED, RegistrationState.DECLINED):
            registration.source = RegistrationSource.WALK_IN
        registration.state = RegistrationState.ATTENDED
        registration.checked_in_at = marked_at
        registration.offer_expires_at = None
    elif registration.state == RegistrationState.ATTENDED:
        registration.checked_in_at = None
        if registration.source == RegistrationSource.WALK_IN:
            registration.state = RegistrationState.CANCELLED
        elif registration.waiting_since:
            registration.state = RegistrationState.WAITING
        else:
            registration.state = RegistrationState.REGISTERED
    registration.updated_at = timezone.now()


def _sort(
    marks: Iterable[Mark], people: dict[int, Registration], known: set[uuid.UUID]
) -> tuple[list[Mark], list[Outcome]]:
    """Return the marks that are new and allowed, and what is to be said of each."""
    new, outcomes = [], []
    for mark in marks:
        registration = people.get(mark.registration)
        outcome, message = "stored", ""
        if mark.id in known:
            outcome = "known"
        elif registration is None:
            outcome, message = "unknown", _("This person is not on the list of this event.")
        elif mark.is_present and not mark.admit and (message := refusal(registration)):
            outcome = "refused"
        else:
            known.add(mark.id)
            new.append(mark)
        outcomes.append(Outcome(mark.id, mark.registration, outcome, message))
    return new, outcomes


@transaction.atomic
def store_marks(*, user: User, event: Event, marks: Sequence[Mark]) -> list[Outcome]:
    """Store marks of one device and let the latest of each person decide, whoever made it.

    A mark that comes twice is stored once. Marks that cannot be taken are answered with a
    sentence and not stored.

    :raises DomainError: when nobody can be checked in at this event (now).
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    _check_open(event)
    received = timezone.now()
    found: Any = event.registrations.filter(pk__in={mark.registration for mark in marks})
    people: dict[int, Registration] = {row.pk: row for row in found}
    ids = [mark.id for mark in marks]
    known = set(CheckInMark.objects.filter(pk__in=ids).values_list("pk", flat=True))
    new, outcomes = _sort(marks, people, known)
    CheckInMark.objects.bulk_create(
        CheckInMark(
            id=mark.id,
            registration_id=mark.registration,
            is_present=mark.is_present,
            marked_at=_moment(mark.age, received),
            marked_by=user,
        )
        for mark in new
    )
    _follow_latest(people, {mark.id for mark in new})
    return outcomes


def _follow_latest(people: dict[int, Registration], new: set[uuid.UUID]) -> None:
    """Change the people whose latest mark is among the new ones."""
    latest = (
        CheckInMark.objects.filter(registration__in=people)
        .order_by("registration_id", "-marked_at", "-received_at", "-pk")
        .distinct("registration_id")
    )
    changed = []
    for mark in latest:
        if mark.pk in new:
            _settle(people[mark.registration_id], mark.is_present, mark.marked_at)
            changed.append(people[mark.registration_id])
    Registration.objects.bulk_update(
        changed,
        ["state", "source", "checked_in_at", "waiting_since", "offer_expires_at", "updated_at"],
    )


def check_in(
    *, user: User, registration: Registration, is_present: bool, admit: bool = False
) -> None:
    """Mark one person as present, or take the mark back.

    :raises DomainError: when the person cannot be checked in just so, or nobody can.
    """
    mark = Mark(uuid.uuid4(), registration.pk, is_present, admit=admit)
    (outcome,) = store_marks(user=user, event=registration.event, marks=[mark])
    if outcome.message:
        raise DomainError(outcome.message, code=outcome.outcome)


@transaction.atomic
def add_walk_in(*, user: User, event: Event, guest: WalkIn) -> Registration:
    """Register somebody at the door and mark them as present; the same ``id`` twice is once.

    An address that is on the list already is that person: they are checked in, not doubled.

    :raises DomainError: when nobody can be checked in at this event (now).
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    _check_open(event)
    known = CheckInMark.objects.filter(pk=guest.id).select_related("registration").first()
    if known is not None:
        return known.registration
    marked_at = _moment(guest.age, timezone.now())
    registration = _known_by_address(event, guest) or Registration(
        event=event,
        email=guest.email,
        cluster=guest.cluster,
        language=guest.language,
        source=RegistrationSource.WALK_IN,
        state=RegistrationState.CANCELLED,
    )
    registration.name = registration.name or guest.name
    if registration.state not in TAKING_A_PLACE:
        registration.list_consent = guest.list_consent
    _settle(registration, True, marked_at)
    registration.save()
    CheckInMark.objects.create(
        id=guest.id, registration=registration, marked_at=marked_at, marked_by=user
    )
    return registration


def _known_by_address(event: Event, guest: WalkIn) -> Registration | None:
    if not guest.email:
        return None
    found: Registration | None = event.registrations.filter(email__iexact=guest.email).first()
    return found
