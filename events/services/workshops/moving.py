"""Staff moves people by hand; the next calculation leaves them there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.assignment import Problem, cost_of
from events.models import AssignedPlace, Assignment, Event, Registration, Session
from events.services.workshops.shared import lock, missing_draft
from events.workshops import (
    Offer,
    assigned_places,
    current_draft,
    joined,
    offer_of,
    people_to_assign,
    problem_of,
    wishes_of,
)

# Session of each person in each run.
Seats = dict[int, dict[int, int]]


def _locked_draft(event: Event) -> Assignment:
    event = lock(event)
    draft = current_draft(event)
    if draft is None:
        raise missing_draft()
    return draft


def _seats(offer: Offer, draft: Assignment, people: set[int]) -> Seats:
    """Return who sits where; places of people who are gone are free."""
    seats: Seats = {}
    for person, session, _is_fixed in assigned_places(draft):
        if person in people and session in offer.by_id:
            seats.setdefault(person, {})[offer.by_id[session].run or 0] = session
    return seats


@transaction.atomic
def move_person(
    *,
    user: User,
    event: Event,
    registration: Registration,
    sessions: Sequence[Session],
    swaps: Mapping[int, int] | None = None,
) -> Assignment:
    """Put a person into ``sessions`` of the draft, at most one a run, and fix them there.

    Runs that are not named stay as they are. ``swaps`` says for a session (id) that is full who
    (registration id) goes to the person's former place in the same run instead.

    :raises DomainError: when a session is full, or somebody would visit a workshop twice.
    """
    draft = _locked_draft(event)
    offer = offer_of(draft.event)
    rows = list(people_to_assign(draft.event).values_list("pk", "cluster_id"))
    people = {pk for pk, _cluster in rows}
    if registration.pk not in people:
        raise DomainError(_("This person does not take part any more."), code="not_registered")
    seats = _seats(offer, draft, people)
    changed: dict[int, dict[int, int | None]] = {}
    for session in sessions:
        if session.pk not in offer.by_id:
            raise DomainError(_("This workshop is no longer offered."), code="unknown")
        run = session.run or 0
        before = seats.get(registration.pk, {}).get(run)
        if before == session.pk:
            continue
        changed.setdefault(registration.pk, {})[run] = session.pk
        other = (swaps or {}).get(session.pk)
        if other is not None:
            if seats.get(other, {}).get(run) != session.pk:
                raise DomainError(
                    _("The person to swap with is not in that workshop any more."),
                    field=f"swap_{run}",
                    code="gone",
                )
            if before is None:
                raise DomainError(
                    _("There is no place to swap: the person has none in run %(run)d.")
                    % {"run": run},
                    field=f"swap_{run}",
                    code="nothing_to_swap",
                )
            changed.setdefault(other, {})[run] = before
    if not changed:
        return draft
    _apply(seats, changed)
    _check(offer, seats, changed)
    names = dict(Registration.objects.filter(pk__in=changed).values_list("pk", "name"))
    _check_once(offer, seats, changed, names)
    problem = problem_of(offer, rows, wishes_of(draft.event), {})
    _store(draft, problem, offer, changed)
    return draft


def _apply(seats: Seats, changed: Mapping[int, Mapping[int, int | None]]) -> None:
    for person, targets in changed.items():
        for run, session in targets.items():
            if session is None:
                seats.get(person, {}).pop(run, None)
            else:
                seats.setdefault(person, {})[run] = session


def _check(offer: Offer, seats: Seats, changed: Mapping[int, Mapping[int, int | None]]) -> None:
    taken = Counter(session for places in seats.values() for session in places.values())
    for targets in changed.values():
        for run, session in targets.items():
            if session is None:
                continue
            part = offer.by_id[session]
            if part.capacity is not None and taken[session] > part.capacity:
                raise DomainError(
                    _(
                        "“%(title)s” is full in run %(run)d: all %(places)d places are taken."
                        " Please choose somebody to swap with, or another workshop."
                    )
                    % {"title": part.title, "run": run, "places": part.capacity},
                    field=f"run_{run}",
                    code="full",
                )


def _check_once(
    offer: Offer,
    seats: Seats,
    changed: Mapping[int, Mapping[int, int | None]],
    names: Mapping[int, str],
) -> None:
    for person, targets in changed.items():
        visits = Counter(offer.by_id[pk].workshop_key for pk in seats.get(person, {}).values())
        twice = [key for key, number in visits.items() if number > 1]
        if twice:
            raise DomainError(
                _("%(name)s would visit %(workshop)s twice.")
                % {
                    "name": names.get(person) or _("One of the two"),
                    "workshop": joined([offer.title(twice[0])]),
                },
                field=f"run_{next(iter(targets))}",
                code="twice",
            )


def _store(
    draft: Assignment,
    problem: Problem,
    offer: Offer,
    changed: Mapping[int, Mapping[int, int | None]],
) -> None:
    """Write the changed places, fixed, and what the draft costs now."""
    wishes = {one.id: one.wishes for one in problem.participants}
    rows = []
    for person, targets in changed.items():
        for run, session in targets.items():
            draft.places.filter(registration_id=person, session__run=run).delete()
            if session is not None:
                key, own = offer.by_id[session].workshop_key, wishes[person]
                rank = own.index(key) + 1 if key in own else None
                rows.append(
                    AssignedPlace(
                        assignment=draft,
                        registration_id=person,
                        session_id=session,
                        rank=rank,
                        is_fixed=True,
                    )
                )
    AssignedPlace.objects.bulk_create(rows)
    draft.cost = cost_of(problem, list(draft.places.values_list("registration_id", "rank")))
    draft.figures["is_moved"] = True
    draft.save(update_fields=["cost", "figures", "updated_at"])


@transaction.atomic
def fix_place(*, user: User, event: Event, place: int, is_fixed: bool) -> None:
    """Keep a place of the draft at the next calculation, or let it be decided anew.

    :raises DomainError: when the draft or the place is gone.
    """
    draft = _locked_draft(event)
    if not draft.places.filter(pk=place).update(is_fixed=is_fixed):
        raise missing_draft()
