"""What people were told of an event's time and place, and what is different now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.choices import EventFormat
from events.dates import clock, day, when

if TYPE_CHECKING:
    from events.models import Event


@dataclass(frozen=True)
class Difference:
    """One thing people were told otherwise. ``old`` and ``new`` are words of one language.

    Both are empty where the thing itself may not stand in a mail, such as a link.
    """

    label: str
    old: str = ""
    new: str = ""


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def snapshot(event: Event, sessions: Iterable[Any]) -> dict[str, Any]:
    """Return what is to be remembered of time and place, ready for JSON.

    Links are kept as a digest: it is enough to see that one has changed.
    """
    return {
        "starts_at": _moment(event.starts_at),
        "ends_at": _moment(event.ends_at),
        "date_precision": str(event.date_precision),
        "venue": event.venue,
        "city": event.city,
        "format": str(event.format),
        "online": hashlib.sha256(event.online_url.encode()).hexdigest() if event.online_url else "",
        "sessions": {
            session.code: {
                "de": session.title_de or "",
                "en": session.title_en or session.title_de or "",
                "starts_at": _moment(session.starts_at),
                "ends_at": _moment(session.ends_at),
                "room": session.room,
            }
            for session in sessions
        },
    }


def _told(event: Event, values: Mapping[str, Any]) -> str:
    """Return the date in words as it was told."""
    earlier = type(event)(
        starts_at=parse_datetime(values["starts_at"]) or event.starts_at,
        ends_at=parse_datetime(values["ends_at"]) if values["ends_at"] else None,
        date_precision=values["date_precision"],
    )
    return when(earlier)


def _place(values: Mapping[str, Any]) -> str:
    return ", ".join(part for part in (values["venue"], values["city"]) if part) or _("not known")


def _span(values: Mapping[str, Any]) -> str:
    moments = [parse_datetime(values[name]) for name in ("starts_at", "ends_at") if values[name]]
    known = [moment for moment in moments if moment]
    if not known:
        return _("time not stated")
    return f"{day(known[0])}, {'–'.join(clock(moment) for moment in known)}"


def _of_sessions(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Parts whose time or room was told and is another now, or that are no more."""
    language = "en" if (get_language() or "de").startswith("en") else "de"
    found = []
    for code, before in old.items():
        after = new.get(code)
        title = _("“%(title)s”") % {"title": before[language]}
        if after is None:
            if before["starts_at"] or before["room"]:
                gone = _("no longer in the programme")
                found.append(Difference(title, _span(before), gone))
            continue
        timed = before["starts_at"] or before["ends_at"]
        if timed and any(before[name] != after[name] for name in ("starts_at", "ends_at")):
            found.append(Difference(title, _span(before), _span(after)))
        if before["room"] and before["room"] != after["room"]:
            label = _("Room of %(part)s") % {"part": title}
            found.append(Difference(label, before["room"], after["room"] or _("not known")))
    return found


def differences(
    event: Event, announced: Mapping[str, Any], now: Mapping[str, Any]
) -> list[Difference]:
    """Return what ``now`` says otherwise than ``announced``, in the active language."""
    if not announced:
        return []
    found = []
    moments = ("starts_at", "ends_at", "date_precision")
    if any(announced[name] != now[name] for name in moments):
        found.append(Difference(_("When"), _told(event, announced), _told(event, now)))
    if any(announced[name] != now[name] for name in ("venue", "city")):
        found.append(Difference(_("Where"), _place(announced), _place(now)))
    if announced["format"] != now["format"]:
        old, new = (str(EventFormat(values["format"]).label) for values in (announced, now))
        found.append(Difference(_("Format"), old, new))
    if announced["online"] != now["online"]:
        found.append(Difference(_("Link for taking part online")))
    return [*found, *_of_sessions(announced["sessions"], now["sessions"])]
