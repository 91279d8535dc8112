"""Staff moves, adds, locks and removes single meetings."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.models import Event
from matching.choices import PlanState
from matching.meetings.reading import slots_there
from matching.meetings.words import name_of, slot_time
from matching.models import Meeting, MeetingParticipant, MeetingPlan
from matching.services.meetings.shared import lock_plan
from matching.timetable import pair_of


@transaction.atomic
def place_meeting(
    *, user: User, event: Event, one: int, other: int, slot: int, table: int | None
) -> Meeting:
    """Put a meeting of two participants into the timetable, or move it; it is locked from then on.

    Without a table the first free one is taken.

    :raises DomainError: when one of them is busy, away or gone, or the table is taken.
    """
    plan = lock_plan(event)
    pair = pair_of(one, other)
    people = _people(plan, pair)
    if not 0 <= slot < plan.slots:
        raise DomainError(_("There is no such round."), field="slot", code="slot")
    for person in people:
        if slot not in slots_there(plan, person):
            raise DomainError(
                _("%(name)s is not there from %(time)s.")
                % {"name": name_of(person), "time": slot_time(plan, slot)},
                field="slot",
                code="away",
            )
    own = Q(first=pair[0], second=pair[1])
    in_slot = list(plan.meetings.planned().filter(slot=slot).exclude(own).with_people())
    _check_free(plan, people, in_slot, slot)
    table = _table(plan, in_slot, slot, table)
    meeting, __ = Meeting.objects.update_or_create(
        first_id=pair[0],
        second_id=pair[1],
        defaults={"plan": plan, "slot": slot, "table": table, "is_locked": True},
    )
    _note_moved(plan)
    return meeting


def _people(plan: MeetingPlan, pair: tuple[int, int]) -> list[MeetingParticipant]:
    found = plan.participants.taking_part().with_person().filter(pk__in=pair)
    people: list[MeetingParticipant] = sorted(found, key=lambda person: pair.index(person.pk))
    if len(people) < 2:
        raise DomainError(
            _("One of the two does not take part in the meetings (any more)."), code="gone"
        )
    return people


def _check_free(
    plan: MeetingPlan, people: list[MeetingParticipant], in_slot: list[Meeting], slot: int
) -> None:
    for meeting in in_slot:
        sides = {meeting.first_id: meeting.second, meeting.second_id: meeting.first}
        for person in people:
            if person.pk in sides:
                raise DomainError(
                    _("%(name)s meets %(other)s from %(time)s. Please move or remove that first.")
                    % {
                        "name": name_of(person),
                        "other": name_of(sides[person.pk]),
                        "time": slot_time(plan, slot),
                    },
                    field="slot",
                    code="busy",
                )


def _table(plan: MeetingPlan, in_slot: list[Meeting], slot: int, table: int | None) -> int:
    used = {meeting.table for meeting in in_slot}
    free = [number for number in range(1, plan.tables + 1) if number not in used]
    values = {"time": slot_time(plan, slot), "table": table}
    if not free:
        raise DomainError(
            _("All tables are taken from %(time)s.") % values, field="slot", code="full"
        )
    if table is None:
        return free[0]
    if table not in free:
        raise DomainError(
            _("Table %(table)s is taken from %(time)s, or does not exist.") % values,
            field="table",
            code="table",
        )
    return table


def _note_moved(plan: MeetingPlan) -> None:
    if plan.figures:
        plan.figures["is_moved"] = True
    if plan.state == PlanState.COLLECTING:
        plan.state = PlanState.DRAFT
    plan.save(update_fields=["figures", "state", "updated_at"])


def _planned(plan: MeetingPlan, pk: int) -> Meeting:
    meeting: Meeting | None = plan.meetings.planned().filter(pk=pk).first()
    if meeting is None:
        raise DomainError(_("This meeting is not in the timetable any more."), code="gone")
    return meeting


@transaction.atomic
def lock_meeting(*, user: User, event: Event, pk: int) -> None:
    """Let the next computation leave a meeting where it is.

    :raises DomainError: when it is not in the timetable any more.
    """
    _set_locked(lock_plan(event), pk, is_locked=True)


@transaction.atomic
def free_meeting(*, user: User, event: Event, pk: int) -> None:
    """Let the next computation move or drop a meeting.

    :raises DomainError: when it is not in the timetable any more.
    """
    _set_locked(lock_plan(event), pk, is_locked=False)


def _set_locked(plan: MeetingPlan, pk: int, *, is_locked: bool) -> None:
    meeting = _planned(plan, pk)
    meeting.is_locked = is_locked
    meeting.save(update_fields=["is_locked", "updated_at"])


@transaction.atomic
def remove_meeting(*, user: User, event: Event, pk: int) -> None:
    """Take a meeting out of the timetable; who knows of it is told with the next publishing.

    :raises DomainError: when it is not in the timetable any more.
    """
    plan = lock_plan(event)
    meeting = _planned(plan, pk)
    if meeting.told_start is None and not meeting.sequence:
        meeting.delete()
    else:
        meeting.slot = meeting.table = None
        meeting.is_locked = False
        meeting.save(update_fields=["slot", "table", "is_locked", "updated_at"])
    _note_moved(plan)
