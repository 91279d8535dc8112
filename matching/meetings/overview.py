"""What the page of staff shows besides the timetable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from matching.choices import SolvingState
from matching.meetings.board import Board, Guest
from matching.models import MeetingPlan, MeetingSolving
from matching.querysets.meetings import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Computing:
    """A computation as a page shows it."""

    is_at_work: bool
    is_stopping: bool
    stage: str
    percent: int
    wishes: int | None
    bound: int | None
    seconds: int
    limit: int
    failure: str


def progress_of(solving: MeetingSolving | None) -> Computing | None:
    """Return how far the newest computation is, or why it failed; None when all is well."""
    if solving is None or solving.state in (SolvingState.DONE, SolvingState.STOPPED):
        return None
    progress: dict[str, Any] = solving.progress
    stages = {
        "choosing": _("Choosing who meets whom"),
        "placing": _("Finding rounds and tables"),
        "proving": _("Looking for something better"),
        "tidying": _("Making gaps short"),
    }
    since = solving.started_at or solving.asked_at
    return Computing(
        is_at_work=solving.state in OPEN_STATES,
        is_stopping=solving.stop_asked,
        stage=stages.get(progress.get("stage", ""), _("Waiting for a free worker")),
        percent=min(progress.get("percent", 0), 100),
        wishes=progress.get("wishes"),
        bound=progress.get("bound"),
        seconds=max(round((timezone.now() - since).total_seconds()), 0),
        limit=solving.seconds,
        failure=solving.failure if solving.state == SolvingState.FAILED else "",
    )


def is_on_another_day(plan: MeetingPlan) -> bool:
    """Tell whether the meetings are on none of the event's days, as after it was moved."""
    event = plan.event
    last = timezone.localdate(event.ends_at or event.starts_at)
    return not timezone.localdate(event.starts_at) <= timezone.localdate(plan.starts_at) <= last


def filtered(board: Board, asked: Mapping[str, Any]) -> list[Guest]:
    """Return the people the address asks for, those with something missing first."""
    words, got = str(asked.get("q", "")).strip().lower(), asked.get("got", "")
    people = [one for one in board.guests if words in f"{one.name} {one.cluster}".lower()]
    if got == "short":
        people = [one for one in people if one.few]
    elif got == "unmet":
        people = [one for one in people if one.unmet]
    elif got == "none":
        people = [one for one in people if not one.seats]
    elif got == "gone":
        people = [one for one in people if not one.takes_part]
    return sorted(people, key=lambda one: (one.takes_part, not one.few, one.name.lower(), one.pk))
