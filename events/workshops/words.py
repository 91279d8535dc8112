"""What the engine found out, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.assignment import Cause, Demand, Missed, Shortage
from events.dates import session_time
from events.models import Session
from events.workshops.offer import Offer


def joined(titles: list[str]) -> str:
    """Return titles in quotation marks, the last one after "and"."""
    quoted = [_("“%(title)s”") % {"title": title} for title in titles]
    if len(quoted) < 2:
        return "".join(quoted)
    return _("%(first)s and %(last)s") % {"first": ", ".join(quoted[:-1]), "last": quoted[-1]}


def shortage_text(shortage: Shortage, offer: Offer) -> str:
    """Say which run is short of how many places, and why."""
    values = {
        "run": shortage.run,
        "people": shortage.people,
        "places": shortage.places,
        "missing": shortage.missing,
        "workshops": joined([offer.title(key) for key in shortage.workshops]),
    }
    if not shortage.workshops:
        text = ngettext(
            "Run %(run)d: %(missing)d person finds only workshops there that they visit in"
            " another run. The run needs another workshop.",
            "Run %(run)d: %(missing)d people find only workshops there that they visit in"
            " another run. The run needs another workshop.",
            shortage.missing,
        )
    elif shortage.whole_run:
        text = ngettext(
            "Run %(run)d: %(missing)d place is missing. There are %(places)d places for"
            " %(people)d people.",
            "Run %(run)d: %(missing)d places are missing. There are %(places)d places for"
            " %(people)d people.",
            shortage.missing,
        )
    else:
        text = ngettext(
            "Run %(run)d: %(missing)d place is missing in %(workshops)s. These have %(places)d"
            " places, but %(people)d people can only go there, because they visit the other"
            " workshops in another run.",
            "Run %(run)d: %(missing)d places are missing in %(workshops)s. These have %(places)d"
            " places, but %(people)d people can only go there, because they visit the other"
            " workshops in another run.",
            shortage.missing,
        )
    return text % values


def missed_text(missed: Missed, demand: Mapping[str, Demand], offer: Offer) -> str:
    """Say why a wish was not granted, for instance how many wished for the workshop."""
    values: dict[str, Any] = {"rank": missed.rank, "title": offer.title(missed.workshop)}
    if missed.cause == Cause.SAME_TIME:
        text = _("Wish %(rank)d, “%(title)s”: at the same time as a workshop wished for more.")
    elif missed.cause == Cause.KEPT:
        text = _("Wish %(rank)d, “%(title)s”: at the same time as a place that was fixed.")
    elif missed.cause == Cause.OPEN:
        text = _("Wish %(rank)d, “%(title)s”: a place is free; it can be given by hand.")
    else:
        wanted = demand[missed.workshop]
        values |= {"first": wanted.first, "people": wanted.wishes, "places": wanted.places or 0}
        if missed.rank == 1:
            text = ngettext(
                "Wish %(rank)d, “%(title)s”: full. %(first)d person wished for it first,"
                " there are %(places)d places.",
                "Wish %(rank)d, “%(title)s”: full. %(first)d people wished for it first,"
                " there are %(places)d places.",
                wanted.first,
            )
        else:
            text = ngettext(
                "Wish %(rank)d, “%(title)s”: full. %(people)d person wished for it,"
                " %(first)d of them first; there are %(places)d places.",
                "Wish %(rank)d, “%(title)s”: full. %(people)d people wished for it,"
                " %(first)d of them first; there are %(places)d places.",
                wanted.wishes,
            )
    return text % values


def session_line(session: Session) -> str:
    """Return run, time, title and room of a workshop in one line, in the active language."""
    values = {"run": session.run, "title": session.title, "time": session_time(session)}
    if values["time"]:
        line = _("Run %(run)d, %(time)s: %(title)s") % values
    else:
        line = _("Run %(run)d: %(title)s") % values
    if session.room:
        line += " " + _("(room: %(room)s)") % {"room": session.room}
    return line


def rooms_text(offer: Offer, sessions: set[int]) -> str:
    """Return a person's workshops, one line a run; runs without a place say so."""
    lines = []
    for run, parts in offer.runs.items():
        own = [session_line(one) for one in parts if one.pk in sessions]
        missing = _("Run %(run)d: no place yet. The office writes to you.") % {"run": run}
        lines.append(own[0] if own else missing)
    return "\n".join(lines)
