"""Calculate who goes where, and write it down as a draft."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.assignment import Plan, Problem, assign, is_quick
from events.choices import AssignmentState
from events.models import AssignedPlace, Assignment, Event
from events.services.workshops.shared import check_wishes, lock
from events.workshops import (
    assigned_places,
    current_draft,
    current_published,
    held_places,
    offer_of,
    people_to_assign,
    problem_of,
    wishes_of,
)

ATTEMPTS = 3


class Keep(StrEnum):
    """What a calculation leaves as it is."""

    FIXED = "fixed"  # Only the places that staff has fixed by hand.
    OTHERS = "others"  # Everybody who has a place; only who has none is placed.


@dataclass(frozen=True)
class Task:
    """What is to be calculated, and which of its places are fixed by hand."""

    problem: Problem
    fixed: frozenset[tuple[int, int]]


def _read(event: Event, keep: Keep) -> Task:
    """Return the task as it stands in the database now."""
    offer = offer_of(event)
    people = list(people_to_assign(event).values_list("pk", "cluster_id"))
    draft = current_draft(event)
    places = assigned_places(draft or current_published(event))
    fixed = frozenset((person, session) for person, session, is_fixed in places if is_fixed)
    kept: defaultdict[int, set[int]] = defaultdict(set)
    for person, session in fixed:
        kept[person].add(session)
    if keep == Keep.OTHERS:
        if draft is not None:
            for person, session, _is_fixed in places:
                kept[person].add(session)
        else:
            # What people were told counts, not what was once proposed.
            for person, sessions in held_places(offer).items():
                kept[person] = set(sessions)
    return Task(problem_of(offer, people, wishes_of(event), kept), fixed)


def needs_worker(*, event: Event, keep: Keep = Keep.FIXED) -> bool:
    """Tell whether the calculation takes longer than a page should."""
    return not is_quick(_read(event, keep).problem)


def draft_assignment(*, user: User | None, event: Event, keep: Keep = Keep.FIXED) -> Assignment:
    """Calculate an assignment and store it as the event's draft, in place of an earlier one.

    The event's row is locked only to write: registrations need it while the solver thinks. If
    wishes, people or rooms have changed meanwhile, it is calculated again.

    :raises DomainError: when there is nothing to assign, or things change faster than that.
    """
    check_wishes(event)
    for _attempt in range(ATTEMPTS):
        task = _read(event, keep)
        if not task.problem.sittings or not task.problem.participants:
            raise DomainError(
                _(
                    "There is nothing to assign yet: the event needs parallel workshops with a run,"
                    " and people who are registered."
                ),
                code="nothing",
            )
        plan = assign(task.problem)
        with transaction.atomic():
            event = lock(event)
            check_wishes(event)
            if _read(event, keep) == task:
                return _write(user, event, task, plan)
    raise DomainError(
        _("Wishes or rooms changed while the draft was calculated. Please try again."),
        code="changed",
    )


def _write(user: User | None, event: Event, task: Task, plan: Plan) -> Assignment:
    draft = current_draft(event) or Assignment(event=event, state=AssignmentState.DRAFT)
    draft.author = user or draft.author
    draft.cost = plan.cost
    draft.figures = {
        "bound": plan.bound,
        "is_best": plan.is_best,
        "pairs_before": plan.pairs_before,
        "pairs_after": plan.pairs_after,
        "shortages": [asdict(shortage) for shortage in plan.shortages],
    }
    draft.save()
    draft.places.all().delete()
    AssignedPlace.objects.bulk_create(
        (
            AssignedPlace(
                assignment=draft,
                registration_id=place.participant,
                session_id=place.session,
                rank=place.rank,
                is_fixed=(place.participant, place.session) in task.fixed,
            )
            for place in plan.places
        ),
        batch_size=2000,
    )
    return draft
