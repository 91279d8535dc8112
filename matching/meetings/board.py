"""The timetable as staff sees it: by round, by person, with what is missing and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from matching.choices import Keep
from matching.meetings.reading import problem_of, slots_there
from matching.meetings.words import cause_text, cluster_of, few_text, name_of, slot_time
from matching.models import Meeting, MeetingParticipant, MeetingPlan
from matching.timetable import Pair, Problem, pair_of
from matching.timetable.reasons import Cause, Explainer

_WANT: Final = "want"


@dataclass(slots=True)
class Seat:
    """One meeting, from the view of one of its two people."""

    meeting: Meeting
    partner: MeetingParticipant
    time: str
    trouble: str

    @property
    def name(self) -> str:
        return name_of(self.partner)

    @property
    def cluster(self) -> str:
        return cluster_of(self.partner)


@dataclass(slots=True)
class Unmet:
    """A wish of a person that the timetable does not fulfil, and why."""

    person: MeetingParticipant
    cause: Cause
    text: str
    is_mutual: bool

    @property
    def name(self) -> str:
        return name_of(self.person)


@dataclass(slots=True)
class Guest:
    """One participant with what they got."""

    person: MeetingParticipant
    takes_part: bool
    seats: list[Seat] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)
    wished: int = 0
    few: str = ""

    @property
    def pk(self) -> int:
        return int(self.person.pk)

    @property
    def name(self) -> str:
        return name_of(self.person)

    @property
    def cluster(self) -> str:
        return cluster_of(self.person)


@dataclass(slots=True)
class Row:
    """A meeting in the list of a round."""

    meeting: Meeting
    first: str
    second: str
    value: int
    trouble: str


@dataclass(slots=True)
class Round:
    """A round of meetings, by table."""

    slot: int
    time: str
    rows: list[Row]


@dataclass(slots=True)
class Table:
    """A table with the meetings that take place there, by time."""

    number: int
    rows: list[tuple[str, Row]]


class Board:
    """Everything about the timetable of one event; a fixed number of queries."""

    def __init__(self, plan: MeetingPlan) -> None:
        self.plan = plan
        everybody = plan.participants.with_person().by_name()
        active = set(plan.participants.taking_part().values_list("pk", flat=True))
        self.people = {person.pk: person for person in everybody}
        self.active = [person for pk, person in self.people.items() if pk in active]
        self._active = active
        self.meetings = list(plan.meetings.planned().order_by("slot", "table", "pk"))
        self.problem: Problem = problem_of(plan, self.active, self.meetings, Keep.LOCKED)
        self._explainer = Explainer(
            self.problem,
            {
                (one.first_id, one.second_id): one.slot
                for one in self.meetings
                if one.slot is not None and one.slot < plan.slots and self._is_active(one)
            },
        )

    def _is_active(self, meeting: Meeting) -> bool:
        return meeting.first_id in self._active and meeting.second_id in self._active

    def trouble(self, meeting: Meeting) -> str:
        """Say why a meeting cannot take place as it stands; empty when it can."""
        for pk in (meeting.first_id, meeting.second_id):
            if pk not in self._active:
                return _("%(name)s no longer takes part") % {"name": name_of(self.people[pk])}
        slot, table = meeting.slot, meeting.table
        if slot is None or table is None or slot >= self.plan.slots:
            return _("this round no longer exists")
        if table > self.plan.tables:
            return _("this table no longer exists")
        for pk in (meeting.first_id, meeting.second_id):
            person = self.people[pk]
            if slot not in slots_there(self.plan, person):
                return _("%(name)s is not there in this round") % {"name": name_of(person)}
        return ""

    @cached_property
    def troubled(self) -> list[Meeting]:
        """Meetings that cannot take place as they stand."""
        return [meeting for meeting in self.meetings if self.trouble(meeting)]

    @cached_property
    def rounds(self) -> list[Round]:
        """All rounds, also empty ones, with their meetings by table."""
        found: defaultdict[int, list[Row]] = defaultdict(list)
        for one in self.meetings:
            found[one.slot or 0].append(
                Row(
                    one,
                    name_of(self.people[one.first_id]),
                    name_of(self.people[one.second_id]),
                    self.problem.value((one.first_id, one.second_id)),
                    self.trouble(one),
                )
            )
        slots = max(self.plan.slots, *(slot + 1 for slot in found), 1) if found else self.plan.slots
        return [Round(slot, slot_time(self.plan, slot), found[slot]) for slot in range(slots)]

    @cached_property
    def tables(self) -> list[Table]:
        """All tables that are used, with what takes place there."""
        found: defaultdict[int, list[tuple[str, Row]]] = defaultdict(list)
        for round_ in self.rounds:
            for row in round_.rows:
                found[row.meeting.table or 0].append((round_.time, row))
        return [Table(number, found[number]) for number in sorted(found)]

    @cached_property
    def guests(self) -> list[Guest]:
        """Who takes part, and who has meetings though they left; by name."""
        seats: defaultdict[int, list[Seat]] = defaultdict(list)
        for one in self.meetings:
            time, trouble = slot_time(self.plan, one.slot or 0), self.trouble(one)
            for own, other in ((one.first_id, one.second_id), (one.second_id, one.first_id)):
                seats[own].append(Seat(one, self.people[other], time, trouble))
        unmet = self._unmet()
        wished: defaultdict[int, int] = defaultdict(int)
        for (one_id, _other), mark in self.problem.wishes.items():
            wished[one_id] += mark == _WANT
        guests = []
        for pk, person in self.people.items():
            if pk not in self._active and not seats[pk]:
                continue
            guest = Guest(person, pk in self._active, seats[pk], unmet[pk], wished[pk])
            if guest.takes_part and len(guest.seats) < self.plan.minimum and self.meetings:
                guest.few = few_text(self._explainer.few(pk), self.plan.minimum)
            guests.append(guest)
        return guests

    def _unmet(self) -> defaultdict[int, list[Unmet]]:
        found: defaultdict[int, list[Unmet]] = defaultdict(list)
        wishes = self.problem.wishes
        for (one, other), mark in sorted(wishes.items()):
            if mark != _WANT:
                continue
            cause = self._explainer.not_met(pair_of(one, other))
            if cause is not None:
                mutual = wishes.get((other, one)) == _WANT
                person = self.people[other]
                found[one].append(Unmet(person, cause, cause_text(cause), mutual))
        return found

    @cached_property
    def short(self) -> list[Guest]:
        """People with fewer meetings than everybody should have."""
        return [guest for guest in self.guests if guest.few]

    @cached_property
    def wish_counts(self) -> dict[str, int]:
        """How many wishes there are, how many of them are met, and the same for mutual ones."""
        wanted = {key for key, mark in self.problem.wishes.items() if mark == _WANT}
        met: set[Pair] = {(one.first_id, one.second_id) for one in self.meetings}
        mutual = {pair_of(*key) for key in wanted if key[::-1] in wanted}
        return {
            "wanted": len(wanted),
            "met": sum(pair_of(*key) in met for key in wanted),
            "mutual": len(mutual),
            "mutual_met": len(mutual & met),
            "people": len({one for one, _other in self.problem.wishes}),
        }
