"""The problem as tables of numbers: people, workshops and runs by index."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from events.assignment.problem import Problem, Sitting

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Grid:
    """A problem by index. People, workshops, runs and sittings are in ascending order.

    Two rooms with one workshop in one run are one cell here; they are told apart at the end.
    """

    problem: Problem

    @cached_property
    def people(self) -> list[int]:
        return sorted(one.id for one in self.problem.participants)

    @cached_property
    def workshops(self) -> list[str]:
        return sorted({sitting.workshop for sitting in self.problem.sittings})

    @cached_property
    def runs(self) -> list[int]:
        return sorted({sitting.run for sitting in self.problem.sittings})

    @cached_property
    def sittings(self) -> dict[int, Sitting]:
        return {one.id: one for one in sorted(self.problem.sittings, key=lambda one: one.id)}

    @cached_property
    def person_index(self) -> dict[int, int]:
        return {pk: index for index, pk in enumerate(self.people)}

    @cached_property
    def workshop_index(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.workshops)}

    @cached_property
    def run_index(self) -> dict[int, int]:
        return {run: index for index, run in enumerate(self.runs)}

    def cell(self, sitting: Sitting) -> tuple[int, int]:
        return self.workshop_index[sitting.workshop], self.run_index[sitting.run]

    def room_for(self, sitting: Sitting) -> int:
        """Return the capacity of a sitting; without a limit everybody fits in."""
        return len(self.people) if sitting.capacity is None else sitting.capacity

    @cached_property
    def offered(self) -> Bools:
        """Whether a workshop takes place in a run."""
        table = np.zeros((len(self.workshops), len(self.runs)), dtype=bool)
        for sitting in self.sittings.values():
            table[self.cell(sitting)] = True
        return table

    @cached_property
    def kept(self) -> Ints:
        """The workshop each person keeps in each run, or -1."""
        table = np.full((len(self.people), len(self.runs)), -1, dtype=np.int64)
        for one in self.problem.participants:
            for session in one.kept:
                if session in self.sittings:
                    workshop, run = self.cell(self.sittings[session])
                    table[self.person_index[one.id], run] = workshop
        return table

    @cached_property
    def free(self) -> Ints:
        """Places left in each cell beside those who stay; never below zero."""
        left = {pk: self.room_for(sitting) for pk, sitting in self.sittings.items()}
        for one in self.problem.participants:
            for session in one.kept:
                if session in left:
                    left[session] -= 1
        table = np.zeros(self.offered.shape, dtype=np.int64)
        for pk, sitting in self.sittings.items():
            table[self.cell(sitting)] += max(left[pk], 0)
        return table

    @cached_property
    def needs(self) -> Bools:
        """Whether a person still needs a place in a run."""
        return self.kept < 0

    @cached_property
    def possible(self) -> Bools:
        """Whether a person may come into a workshop: not where they keep a place in it."""
        table = np.ones((len(self.people), len(self.workshops)), dtype=bool)
        person, run = np.nonzero(self.kept >= 0)
        table[person, self.kept[person, run]] = False
        return table

    @cached_property
    def ranks(self) -> Ints:
        """Rank of each workshop for each person; 0 where it was not wished for."""
        table = np.zeros((len(self.people), len(self.workshops)), dtype=np.int64)
        for one in self.problem.participants:
            row = self.person_index[one.id]
            for rank, workshop in enumerate(one.wishes, start=1):
                column = self.workshop_index.get(workshop)
                if column is not None and not table[row, column]:
                    table[row, column] = rank
        return table

    @cached_property
    def has_wishes(self) -> Bools:
        table = np.zeros(len(self.people), dtype=bool)
        for one in self.problem.participants:
            table[self.person_index[one.id]] = bool(one.wishes)
        return table

    @cached_property
    def costs(self) -> Ints:
        """Cost of a place: squared rank; unwished costs more than any wish; 0 without wishes."""
        costs = np.where(self.ranks > 0, self.ranks**2, self.problem.unwished_cost)
        costs[~self.has_wishes] = 0
        return costs

    @cached_property
    def missing_cost(self) -> Ints:
        """What it costs to leave a person without a place: more than anything it could save.

        Among as many places, those with wishes go before those without.
        """
        unwished = self.problem.unwished_cost
        worst = 1 + unwished * (int(self.needs.sum()) + 1)
        return worst + unwished * self.has_wishes.astype(np.int64)

    @cached_property
    def groups(self) -> list[list[int]]:
        """Runs that share workshops, together; runs of different groups do not touch."""
        left, groups = set(range(len(self.runs))), []
        while left:
            group = {min(left)}
            while True:
                shared = self.offered[:, sorted(group)].any(axis=1)
                wider = {run for run in left if self.offered[shared, run].any()} | group
                if wider == group:
                    break
                group = wider
            groups.append(sorted(group))
            left -= group
        return groups
