"""Times, tables and reasons in the reader's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.dates import clock
from matching.models import MeetingParticipant, MeetingPlan
from matching.timetable.reasons import Cause

_LONGEST = 46


def name_of(person: MeetingParticipant) -> str:
    """Return what a person is called; people without a name by their address's first part."""
    registration = person.registration
    return registration.name or registration.email.partition("@")[0] or "–"


def cluster_of(person: MeetingParticipant) -> str:
    return person.registration.cluster.name if person.registration.cluster else ""


def span(start: datetime, end: datetime) -> str:
    """Return ``10:00–10:20``."""
    return f"{clock(start)}–{clock(end)}"


def slot_time(plan: MeetingPlan, slot: int) -> str:
    """Return when a round takes place, such as ``10:00–10:20``."""
    return span(plan.start_of(slot), plan.end_of(slot))


def line(start: datetime, end: datetime, table: int, partner: MeetingParticipant) -> str:
    """Return one meeting in one line of a mail."""
    who = ", ".join(
        part if len(part) <= _LONGEST else f"{part[: _LONGEST - 1]}…"
        for part in (name_of(partner), cluster_of(partner))
        if part
    )
    return _("%(time)s, table %(table)d: %(who)s") % {
        "time": span(start, end),
        "table": table,
        "who": who,
    }


def cause_text(cause: Cause) -> str:
    """Say why two people do not meet, to staff."""
    texts = {
        Cause.RULED_OUT: _("one of the two would rather not"),
        Cause.SAME_GROUP: _("both come for the same cluster"),
        Cause.NO_COMMON_SLOT: _("there is no round in which both are there"),
        Cause.BUSY: _("in every round in which both are there, one of them meets somebody else"),
        Cause.TABLES: _("no table is free in the rounds that would suit both"),
        Cause.OPEN: _("possible: both are free in a round with a free table"),
    }
    return texts.get(cause, "")


def few_text(cause: Cause, minimum: int) -> str:
    """Say why somebody has fewer meetings than everybody should have."""
    values: dict[str, Any] = {"minimum": minimum}
    texts = {
        Cause.NEVER_THERE: _("is not there in any round"),
        Cause.NOBODY: _(
            "nobody can be brought together with them: no wishes, no suggestion, or never there"
            " at the same time"
        ),
        Cause.FEW: ngettext(
            "fewer than %(minimum)d person can be brought together with them",
            "fewer than %(minimum)d people can be brought together with them",
            minimum,
        )
        % values,
        Cause.BUSY: _("those who could meet them have meetings in every round that would suit"),
        Cause.TABLES: _("there are too few tables in the rounds that would suit"),
        Cause.OPEN: _("a meeting is possible: compute again, or add one by hand"),
    }
    return texts.get(cause, "")


def bound_text(figures: dict[str, Any]) -> str:
    """Say how good a computed timetable is, from the figures of its plan."""
    if not figures:
        return ""
    values = {
        "wishes": figures["wishes"],
        "bound": figures["wishes_bound"],
        "gap": f"{figures['gap']:.1f}",
    }
    if figures["is_best"]:
        return (
            _(
                "Proven: no timetable serves the minimum better, and none that does so fulfils"
                " more wishes (%(wishes)s of at most %(bound)s points)."
            )
            % values
        )
    if figures["minimum"] < figures["minimum_bound"]:
        return (
            _(
                "Not proven to be the best: towards the minimum for everybody, at most"
                " %(gap)s %% more may be possible."
            )
            % values
        )
    if figures["wishes"] < figures["wishes_bound"]:
        return (
            _(
                "%(wishes)s of at most %(bound)s points for wishes: at most %(gap)s %% more are"
                " possible."
            )
            % values
        )
    return (
        _(
            "Proven: no timetable fulfils more wishes (%(wishes)s of %(bound)s points). Among"
            " equals one with better suggestions may exist."
        )
        % values
    )
