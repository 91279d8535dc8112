"""Assignment of people to parallel workshops over several runs: numbers in, numbers out.

Knows nothing of Django, so it can be tested, measured and used on its own.
"""

from events.assignment.problem import (
    Cause,
    Demand,
    Missed,
    Participant,
    Place,
    Plan,
    Problem,
    Shortage,
    Sitting,
)
from events.assignment.reasons import demand, missed_wishes
from events.assignment.solving import assign, cost_of, is_quick

__all__ = [
    "Cause",
    "Demand",
    "Missed",
    "Participant",
    "Place",
    "Plan",
    "Problem",
    "Shortage",
    "Sitting",
    "assign",
    "cost_of",
    "demand",
    "is_quick",
    "missed_wishes",
]
