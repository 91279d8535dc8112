"""Why a wish was not met, and why somebody has fewer meetings than the minimum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from matching.timetable.problem import Pair, Problem, pair_of


class Cause(StrEnum):
    """The first thing that stood in the way."""

    RULED_OUT = "ruled_out"
    SAME_GROUP = "same_group"
    NO_COMMON_SLOT = "no_common_slot"
    BUSY = "busy"
    TABLES = "tables"
    OPEN = "open"
    NEVER_THERE = "never_there"
    NOBODY = "nobody"
    FEW = "few"


class Explainer:
    """Looks at one timetable (slot by pair) again and again."""

    def __init__(self, problem: Problem, placed: Mapping[Pair, int]) -> None:
        self.problem, self.placed = problem, placed
        self.people = {person.id: person for person in problem.people}
        self.seats = {(pk, slot) for pair, slot in placed.items() for pk in pair}
        self.full = {
            slot
            for slot, number in Counter(placed.values()).items()
            if number >= problem.tables[slot]
        }
        self.full |= {slot for slot, tables in enumerate(problem.tables) if not tables}

    def not_met(self, pair: Pair) -> Cause | None:
        """Say why two people do not meet; None when they do, OPEN when they could."""
        if pair in self.placed:
            return None
        one, other = (self.people[pk] for pk in pair)
        wishes = self.problem.wishes
        if "no" in (wishes.get(pair), wishes.get((pair[1], pair[0]))):
            return Cause.RULED_OUT
        if one.group is not None and one.group == other.group:
            return Cause.SAME_GROUP
        common = one.slots & other.slots
        if not common:
            return Cause.NO_COMMON_SLOT
        free = {slot for slot in common if not {(pk, slot) for pk in pair} & self.seats}
        if not free:
            return Cause.BUSY
        return Cause.TABLES if free <= self.full else Cause.OPEN

    def few(self, person: int) -> Cause:
        """Say why somebody has fewer meetings than everybody should have."""
        if not self.people[person].slots:
            return Cause.NEVER_THERE
        possible = [
            pair
            for other in self.people
            if other != person
            and self.problem.may_meet(pair := pair_of(person, other))
            and self.not_met(pair) not in (Cause.SAME_GROUP, Cause.NO_COMMON_SLOT)
        ]
        if not possible:
            return Cause.NOBODY
        if len(possible) < self.problem.minimum:
            return Cause.FEW
        causes = {self.not_met(pair) for pair in possible}
        if Cause.OPEN in causes:
            return Cause.OPEN
        return Cause.TABLES if Cause.TABLES in causes else Cause.BUSY
