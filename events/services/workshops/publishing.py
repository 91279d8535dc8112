"""Publish a draft: places become real and people are told, or discard it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events import mails
from events.choices import AssignmentState, EventStatus, PlaceState
from events.dates import is_over
from events.models import Assignment, Event, Registration, SessionPlace
from events.services.workshops.shared import lock, missing_draft
from events.workshops import Offer, current_draft, held_places, offer_of, people_to_assign

Places = dict[int, dict[int, int | None]]


@dataclass(frozen=True)
class Change:
    """What publishing would change: who learns of rooms for the first time, who of other ones."""

    first: frozenset[int]
    moved: frozenset[int]

    @property
    def people(self) -> int:
        return len(self.first) + len(self.moved)


def _places(draft: Assignment, offer: Offer) -> Places:
    """Return rank by session by person, of those who still take part."""
    people = set(people_to_assign(draft.event).values_list("pk", flat=True))
    places: defaultdict[int, dict[int, int | None]] = defaultdict(dict)
    for person, session, rank in draft.places.values_list("registration_id", "session_id", "rank"):
        if person in people and session in offer.by_id:
            places[person][session] = rank
    return places


def _reachable(event: Event) -> set[int]:
    """Return whom a mail would reach: examples and people without an address get none."""
    people = people_to_assign(event).filter(is_example=False).exclude(email="")
    return set(people.values_list("pk", flat=True))


def _change(before: Places, after: Places, reachable: set[int]) -> Change:
    changed = {
        person
        for person in (set(before) | set(after)) & reachable
        if set(before.get(person, {})) != set(after.get(person, {}))
    }
    return Change(
        frozenset(pk for pk in changed if not before.get(pk)),
        frozenset(pk for pk in changed if before.get(pk)),
    )


def change_by_publishing(*, event: Event) -> Change:
    """Return who would be told. Reads only."""
    draft = current_draft(event)
    if draft is None:
        return Change(frozenset(), frozenset())
    offer = offer_of(event)
    return _change(held_places(offer), _places(draft, offer), _reachable(event))


def _check_capacity(offer: Offer, after: Places) -> None:
    taken = Counter(session for sessions in after.values() for session in sessions)
    for pk, number in taken.items():
        part = offer.by_id[pk]
        if part.capacity is not None and number > part.capacity:
            raise DomainError(
                _(
                    "“%(title)s” in run %(run)d has %(places)d places, but %(people)d people"
                    " are in it. Please calculate again or move somebody."
                )
                % {
                    "title": part.title,
                    "run": part.run,
                    "places": part.capacity,
                    "people": number,
                },
                code="capacity",
            )


@transaction.atomic
def publish_assignment(*, user: User, event: Event) -> Change:
    """Give everybody the places of the draft and tell those whose places change.

    An earlier assignment is kept as replaced. Returns who was told.

    :raises DomainError: without a draft, when a workshop has more people than places, or when the
        event is not published or over.
    """
    event = lock(event)
    draft = current_draft(event)
    if draft is None:
        raise missing_draft()
    if "calculating" in draft.figures:
        raise DomainError(_("The draft is still being calculated."), code="calculating")
    if event.status != EventStatus.PUBLISHED or is_over(event):
        raise DomainError(
            _("Rooms can be published while the event is published and not over."),
            code="wrong_state",
        )
    offer = offer_of(event)
    before, after = held_places(offer), _places(draft, offer)
    _check_capacity(offer, after)
    change = _change(before, after, _reachable(event))
    _write(offer, after)
    event.assignments.filter(state=AssignmentState.PUBLISHED).update(
        state=AssignmentState.REPLACED, updated_at=timezone.now()
    )
    draft.state = AssignmentState.PUBLISHED
    draft.published_at = timezone.now()
    draft.save(update_fields=["state", "published_at", "updated_at"])
    told = change.first | change.moved
    Registration.objects.filter(pk__in=told).update(calendar_revision=F("calendar_revision") + 1)
    sessions = {person: set(after.get(person, {})) for person in told}
    mails.rooms_assigned(event, offer, sessions, moved=change.moved)
    return change


def _write(offer: Offer, after: Places) -> None:
    """Make ``after`` the places of the offer's sessions: what is not in it goes."""
    rows = SessionPlace.objects.filter(session__in=offer.by_id)
    existing = {(row.registration_id, row.session_id): row for row in rows}
    wanted = {
        (person, session): rank
        for person, sessions in after.items()
        for session, rank in sessions.items()
    }
    gone = [row.pk for key, row in existing.items() if key not in wanted]
    SessionPlace.objects.filter(pk__in=gone).delete()
    kept = [row for key, row in existing.items() if key in wanted]
    for row in kept:
        row.rank = wanted[row.registration_id, row.session_id]
        row.state, row.offer_expires_at, row.waiting_since = PlaceState.HELD, None, None
    SessionPlace.objects.bulk_update(
        kept, ["rank", "state", "offer_expires_at", "waiting_since"], batch_size=1000
    )
    SessionPlace.objects.bulk_create(
        (
            SessionPlace(registration_id=person, session_id=session, rank=rank)
            for (person, session), rank in wanted.items()
            if (person, session) not in existing
        ),
        batch_size=2000,
    )


@transaction.atomic
def discard_assignment(*, user: User, event: Event) -> None:
    """Throw the draft away; what is published stays. Without a draft nothing happens."""
    event = lock(event)
    event.assignments.filter(state=AssignmentState.DRAFT).delete()
