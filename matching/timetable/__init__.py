"""Timetables of 1:1 meetings: plain values in, plain values out, no Django.

``solve`` takes a :class:`Problem` and returns a :class:`Timetable` with the bound that no other
timetable can pass. How it works: ``docs/matching-meetings.md``.
"""

from matching.timetable.problem import (
    Bounds,
    Figures,
    Mark,
    Pair,
    Person,
    Placed,
    Problem,
    Progress,
    Stage,
    Timetable,
    pair_of,
)

__all__ = [
    "Bounds",
    "Figures",
    "Mark",
    "Pair",
    "Person",
    "Placed",
    "Problem",
    "Progress",
    "Stage",
    "Timetable",
    "pair_of",
]
