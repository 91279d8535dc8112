"""Publish the timetable: what people are told, and who is told of what changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.choices import EventStatus
from events.dates import is_over
from events.models import Event
from matching import mails
from matching.choices import PlanState
from matching.meetings.board import Board
from matching.models import Meeting, MeetingParticipant, MeetingPlan
from matching.services.meetings.shared import lock_plan

Place = tuple[datetime, datetime, int]
"""When a meeting begins and ends, and at which table."""
Meetings = dict[int, dict[int, Place]]
"""By person, by meeting."""


@dataclass(frozen=True)
class Change:
    """Who is told by publishing: of their first meetings, of other ones, or that none are left.

    ``without``: take part, have no meeting and were never told so.
    """

    first: frozenset[int]
    moved: frozenset[int]
    cancelled: frozenset[int]
    without: frozenset[int]

    @property
    def people(self) -> int:
        return len(self.first) + len(self.moved) + len(self.cancelled) + len(self.without)


def _place(plan: MeetingPlan, meeting: Meeting) -> Place | None:
    if meeting.slot is None or meeting.table is None:
        return None
    return plan.start_of(meeting.slot), plan.end_of(meeting.slot), meeting.table


def _told(meeting: Meeting) -> Place | None:
    start, end, table = meeting.told_start, meeting.told_end, meeting.told_table
    return None if start is None or end is None or table is None else (start, end, table)


def _by_person(places: dict[int, Place | None], meetings: dict[int, Meeting]) -> Meetings:
    found: defaultdict[int, dict[int, Place]] = defaultdict(dict)
    for pk, place in places.items():
        if place is not None:
            for person in (meetings[pk].first_id, meetings[pk].second_id):
                found[person][pk] = place
    return found


def _compare(plan: MeetingPlan, meetings: dict[int, Meeting]) -> Change:
    before = _by_person({pk: _told(one) for pk, one in meetings.items()}, meetings)
    after = _by_person({pk: _place(plan, one) for pk, one in meetings.items()}, meetings)
    changed = {pk for pk in {*before, *after} if before.get(pk) != after.get(pk)}
    without: set[int] = set()
    if plan.published_at is None:
        active = MeetingParticipant.objects.taking_part().filter(plan=plan)
        without = set(active.values_list("pk", flat=True)) - set(after) - set(before)
    return Change(
        first=frozenset(pk for pk in changed if not before.get(pk)),
        moved=frozenset(pk for pk in changed if before.get(pk) and after.get(pk)),
        cancelled=frozenset(pk for pk in changed if before.get(pk) and not after.get(pk)),
        without=frozenset(without),
    )


def change_by_publishing(*, plan: MeetingPlan) -> Change:
    """Return who would be told. Reads only."""
    return _compare(plan, {one.pk: one for one in plan.meetings.all()})


def cancel_with_events() -> int:
    """Call off published meetings whose event was cancelled; beat asks. Returns how many plans."""
    plans = MeetingPlan.objects.filter(
        event__status=EventStatus.CANCELLED,
        meetings__told_start__isnull=False,
        starts_at__gt=timezone.now(),
    )
    pks = list(plans.order_by("pk").values_list("pk", flat=True).distinct())
    for pk in pks:
        _cancel_all(pk)
    return len(pks)


@transaction.atomic
def _cancel_all(pk: int) -> None:
    plan = MeetingPlan.objects.select_for_update(of=("self",)).select_related("event").get(pk=pk)
    told = list(plan.meetings.announced())
    people = {person for one in told for person in (one.first_id, one.second_id)}
    if not people:
        return
    plan.meetings.announced().update(
        slot=None,
        table=None,
        is_locked=False,
        told_start=None,
        told_end=None,
        told_table=None,
        sequence=F("sequence") + 1,
    )
    MeetingParticipant.objects.filter(pk__in=people).update(sequence=F("sequence") + 1)
    mails.meetings_published(
        plan, {one: {} for one in people}, {}, moved=(), cancelled=people, event_is_off=True
    )


@transaction.atomic
def publish_meetings(*, user: User, event: Event) -> Change:
    """Make the timetable what people know, and tell those for whom something changes.

    Returns who was told.

    :raises DomainError: without a timetable, with meetings that cannot take place, while one is
        being computed, or when the event is not published or over.
    """
    plan = lock_plan(event)
    if event.status != EventStatus.PUBLISHED or is_over(event):
        raise DomainError(
            _("Meetings can be published while the event is published and not over."),
            code="wrong_state",
        )
    if plan.solvings.at_work().exists():
        raise DomainError(_("The timetable is being computed. Please wait."), code="busy")
    meetings = {one.pk: one for one in plan.meetings.all()}
    if not meetings:
        raise DomainError(_("There is no timetable yet. Please compute one."), code="empty")
    board = Board(plan)
    if board.troubled:
        raise DomainError(
            _(
                "%(number)d meetings cannot take place. Please compute again or remove them:"
                " %(why)s."
            )
            % {"number": len(board.troubled), "why": board.trouble(board.troubled[0])},
            code="trouble",
        )
    change = _compare(plan, meetings)
    for one in meetings.values():
        place = _place(plan, one)
        if place != _told(one):
            one.told_start, one.told_end, one.told_table = place or (None, None, None)
            one.sequence += 1
    Meeting.objects.bulk_update(
        meetings.values(), ["told_start", "told_end", "told_table", "sequence"], batch_size=500
    )
    told = change.first | change.moved | change.cancelled
    MeetingParticipant.objects.filter(pk__in=told).update(sequence=F("sequence") + 1)
    plan.state, plan.published_at = PlanState.PUBLISHED, timezone.now()
    plan.save(update_fields=["state", "published_at", "updated_at"])
    after = _by_person({pk: _told(one) for pk, one in meetings.items()}, meetings)
    mails.meetings_published(
        plan,
        {pk: after.get(pk, {}) for pk in told | change.without},
        meetings,
        moved=change.moved,
        cancelled=change.cancelled,
    )
    return change
