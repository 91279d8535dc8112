"""Compute a timetable: asked for by a page, done by a worker, watched by everybody."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.dates import is_over
from events.models import Event
from matching.choices import Keep, PlanState, SolvingState
from matching.meetings.reading import problem_of, taking_part
from matching.models import Meeting, MeetingParticipant, MeetingPlan, MeetingSolving
from matching.services.meetings.shared import lock_plan
from matching.timetable import Problem, Progress, Timetable

LOST_AFTER: Final = timedelta(seconds=30)
"""A computation whose worker wrote nothing for so long is begun anew."""
BEAT: Final = 0.8
"""Seconds between two notes of how far it is."""
KEPT: Final = 5


def current_solving(plan: MeetingPlan) -> MeetingSolving | None:
    """Return the newest computation of a plan."""
    newest: MeetingSolving | None = plan.solvings.order_by("-pk").first()
    return newest


@transaction.atomic
def ask_for_timetable(*, user: User, event: Event, keep: Keep, seconds: int = 30) -> MeetingSolving:
    """Note that a timetable is to be computed; a worker finds the note even if its task is lost.

    :raises DomainError: when one is being computed, nobody could meet, or the event is over.
    """
    plan = lock_plan(event)
    if is_over(event):
        raise DomainError(_("This event is over."), code="over")
    if plan.solvings.at_work().exists():
        raise DomainError(_("A timetable is being computed already."), code="busy")
    if len(taking_part(plan)) < 2:
        raise DomainError(
            _("Nobody can meet yet: at least two people must take part."), code="nobody"
        )
    old = list(plan.solvings.values_list("pk", flat=True)[KEPT - 1 :])
    MeetingSolving.objects.filter(pk__in=old).delete()
    asked: MeetingSolving = plan.solvings.create(keep=keep, seconds=seconds, author=user)
    return asked


@transaction.atomic
def stop_solving(*, user: User, event: Event) -> None:
    """Ask a computation to stop; the best timetable it has so far becomes the draft.

    :raises DomainError: when none is at work.
    """
    plan = lock_plan(event)
    waiting = plan.solvings.filter(state=SolvingState.WAITING)
    ended = waiting.update(state=SolvingState.STOPPED, ended_at=timezone.now())
    if not ended and not plan.solvings.at_work().update(stop_asked=True):
        raise DomainError(_("No timetable is being computed any more."), code="idle")


def solvings_to_run() -> list[int]:
    """Return computations whose task was lost with its broker or its worker."""
    now = timezone.now()
    lost = Q(state=SolvingState.WAITING, asked_at__lt=now - LOST_AFTER)
    lost |= Q(state=SolvingState.RUNNING, beat_at__lt=now - LOST_AFTER)
    return list(MeetingSolving.objects.filter(lost).order_by("pk").values_list("pk", flat=True))


def run_solving(*, solving_id: int) -> None:
    """Compute what was asked for; a second call finds nothing to do.

    No lock is held while the solver thinks. Who left meanwhile is left out when it is written.
    """
    solving = _claim(solving_id)
    if solving is None:
        return
    try:
        problem = _read(solving)
        # Imported here because the solver takes a while to load, and only this needs it.
        from matching.timetable.solver import solve

        note = _Note(solving)
        found = solve(
            problem, seconds=solving.seconds, report=note.progress, should_stop=note.should_stop
        )
        _write(solving, found)
    except Exception as error:
        _end(solving, SolvingState.FAILED, failure=f"{type(error).__name__}: {error}")
        raise


@transaction.atomic
def _claim(pk: int) -> MeetingSolving | None:
    """Take a computation that waits, or one whose worker is dead."""
    now = timezone.now()
    free = Q(state=SolvingState.WAITING)
    free |= Q(state=SolvingState.RUNNING, beat_at__lt=now - LOST_AFTER)
    rows = MeetingSolving.objects.select_for_update(of=("self",), skip_locked=True)
    solving: MeetingSolving | None = rows.filter(free, pk=pk).select_related("plan__event").first()
    if solving is not None:
        solving.state, solving.started_at, solving.beat_at = SolvingState.RUNNING, now, now
        solving.save(update_fields=["state", "started_at", "beat_at"])
    return solving


def _read(solving: MeetingSolving) -> Problem:
    plan = solving.plan
    meetings = list(plan.meetings.planned())
    return problem_of(plan, taking_part(plan), meetings, Keep(solving.keep))


class _Note:
    """Writes how far a computation is, and reads whether it is to stop."""

    def __init__(self, solving: MeetingSolving) -> None:
        self._row = MeetingSolving.objects.filter(pk=solving.pk)
        self._next = 0.0
        self._stop = False

    def progress(self, progress: Progress) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + BEAT
        self._row.update(
            beat_at=timezone.now(),
            progress={
                "stage": progress.stage.value,
                "wishes": progress.wishes,
                "bound": progress.bound,
                "seconds": round(progress.seconds, 1),
                "percent": round(100 * progress.share),
            },
        )
        # No row any more: the event's meetings were deleted meanwhile.
        self._stop = self._row.values_list("stop_asked", flat=True).first() is not False

    def should_stop(self) -> bool:
        return self._stop


def _end(solving: MeetingSolving, state: SolvingState, *, failure: str = "") -> None:
    MeetingSolving.objects.filter(pk=solving.pk).update(
        state=state, ended_at=timezone.now(), failure=failure
    )


@transaction.atomic
def _write(solving: MeetingSolving, found: Timetable) -> None:
    """Make a timetable the draft. Meetings locked or moved meanwhile by hand keep their place."""
    plan = MeetingPlan.objects.select_for_update(of=("self",)).filter(pk=solving.plan_id).first()
    if plan is None:
        return
    own = MeetingSolving.objects.select_for_update().filter(pk=solving.pk).first()
    if own is None or own.state != SolvingState.RUNNING:
        return
    active = set(
        MeetingParticipant.objects.taking_part().filter(plan=plan).values_list("pk", flat=True)
    )
    rows = {(one.first_id, one.second_id): one for one in plan.meetings.all()}
    locked = {pair for pair, one in rows.items() if one.is_locked}
    seats = {(pk, rows[pair].slot) for pair in locked for pk in pair}
    tables = {(rows[pair].slot, rows[pair].table) for pair in locked}
    # Emptied first, so that two meetings may change places.
    plan.meetings.filter(is_locked=False).update(slot=None, table=None)
    changed: list[Meeting] = []
    new: list[Meeting] = []
    for one in found.meetings:
        if one.pair in locked or not active.issuperset(one.pair):
            continue
        if {(pk, one.slot) for pk in one.pair} & seats or (one.slot, one.table) in tables:
            continue
        row = rows.get(one.pair)
        if row is None:
            row = Meeting(plan=plan, first_id=one.pair[0], second_id=one.pair[1])
            new.append(row)
        else:
            changed.append(row)
        row.slot, row.table = one.slot, one.table
    Meeting.objects.bulk_update(changed, ["slot", "table"], batch_size=500)
    Meeting.objects.bulk_create(new, batch_size=500)
    # Nobody was ever told of these.
    plan.meetings.filter(slot=None, told_start=None, sequence=0).delete()
    plan.figures = {**_kept_figures(plan), **_figures(found)}
    if plan.state == PlanState.COLLECTING:
        plan.state = PlanState.DRAFT
    plan.save(update_fields=["figures", "state", "updated_at"])
    _end(solving, SolvingState.STOPPED if found.stopped else SolvingState.DONE)


def _kept_figures(plan: MeetingPlan) -> dict[str, Any]:
    return {key: value for key, value in plan.figures.items() if key == "feedback"}


def _figures(found: Timetable) -> dict[str, Any]:
    return {
        "minimum": found.figures.minimum,
        "minimum_bound": found.bounds.minimum,
        "wishes": found.figures.wishes,
        "wishes_bound": found.bounds.wishes,
        "score": found.figures.score,
        "score_bound": found.bounds.score,
        "gaps": -found.figures.gaps,
        "is_best": found.is_best,
        "gap": round(found.gap, 2),
        "seconds": round(found.seconds, 1),
        "stopped": found.stopped,
        "meetings": len(found.meetings),
        "is_moved": False,
    }
