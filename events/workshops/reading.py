"""From rows to a problem the engine solves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.assignment import Participant, Problem, Sitting
from events.choices import AssignmentState, ParticipantGroup
from events.models import (
    AssignedPlace,
    Assignment,
    Event,
    Registration,
    Session,
    SessionPlace,
    WorkshopChoice,
)
from events.workshops.offer import Offer

# Who runs the event is assigned only if they wished for something.
_HOSTS = (ParticipantGroup.MODERATOR, ParticipantGroup.TEAM)


def people_to_assign(event: Event) -> QuerySet[Registration]:
    """Return whom an assignment places: participants, and hosts who stated wishes."""
    participants: Any = Registration.objects.filter(event=event)
    wished = WorkshopChoice.objects.filter(registration=OuterRef("pk"))
    found: QuerySet[Registration] = participants.taking_a_place().filter(
        ~Q(group__in=_HOSTS) | Exists(wished)
    )
    return found


def wishes_of(event: Event) -> dict[int, list[str]]:
    """Return the workshops each registration wishes for, best first. One query."""
    wishes: defaultdict[int, list[str]] = defaultdict(list)
    rows = WorkshopChoice.objects.filter(registration__event=event).order_by("rank")
    for registration, workshop in rows.values_list("registration_id", "workshop"):
        wishes[registration].append(workshop)
    return wishes


def problem_of(
    offer: Offer,
    people: Iterable[tuple[int, int | None]],
    wishes: Mapping[int, list[str]],
    kept: Mapping[int, Iterable[int]],
) -> Problem:
    """Return the problem of placing ``people`` (registration, cluster).

    Wishes for workshops that are no longer offered are left out, so the next one moves up.
    """
    return Problem(
        tuple(
            Participant(
                pk,
                tuple(key for key in wishes.get(pk, ()) if key in offer.workshops),
                cluster,
                tuple(sorted(session for session in kept.get(pk, ()) if session in offer.by_id)),
            )
            for pk, cluster in sorted(people)
        ),
        tuple(
            Sitting(one.pk, one.workshop_key, one.run or 0, one.capacity)
            for one in sorted(offer.sessions, key=lambda one: one.pk)
        ),
    )


def current_draft(event: Event) -> Assignment | None:
    return Assignment.objects.filter(event=event, state=AssignmentState.DRAFT).first()


def current_published(event: Event) -> Assignment | None:
    return Assignment.objects.filter(event=event, state=AssignmentState.PUBLISHED).first()


def held_places(offer: Offer) -> dict[int, dict[int, int | None]]:
    """Return the published places: rank by session by registration. One query."""
    held: defaultdict[int, dict[int, int | None]] = defaultdict(dict)
    places: Any = SessionPlace.objects.filter(session__in=[one.pk for one in offer.sessions])
    for registration, session, rank in places.held().values_list(
        "registration_id", "session_id", "rank"
    ):
        held[registration][session] = rank
    return held


def assigned_places(assignment: Assignment | None) -> list[tuple[int, int, bool]]:
    """Return (registration, session, fixed by hand) of an assignment. One query."""
    places = AssignedPlace.objects.filter(assignment=assignment).order_by("pk")
    return list(places.values_list("registration_id", "session_id", "is_fixed"))


def rooms_of(registration: Registration, offer: Offer) -> list[Session]:
    """Return the published workshops of a person, in order of run. One query."""
    places: Any = SessionPlace.objects.filter(
        registration=registration, session__in=list(offer.by_id)
    )
    held = set(places.held().values_list("session_id", flat=True))
    return [session for session in offer.sessions if session.pk in held]
