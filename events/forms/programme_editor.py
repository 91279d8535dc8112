"""Buttons of the programme form: each changes what was entered, before it is shown again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from events.choices import SessionPart

PREFIX = "sessions"
MOST_PARTS = 200
FORMAT = "%Y-%m-%dT%H:%M"
"""How the browser sends a moment."""
# What the next part is taken to last, in minutes, until somebody says otherwise.
_MINUTES = {SessionPart.PLENARY: 45, SessionPart.PARALLEL: 45, SessionPart.BREAK: 15}
_REPEATED = (
    "title_de",
    "title_en",
    "summary_de",
    "summary_en",
    "moderator",
    "speaker",
    "room",
    "online_url",
    "capacity",
    "track",
)


def total_of(data: Mapping[str, Any]) -> int:
    """Return how many rows were sent; nonsense counts as none."""
    text = str(data.get(f"{PREFIX}-TOTAL_FORMS", "0"))
    return min(int(text), MOST_PARTS) if text.isdecimal() else 0


def _number(text: object, default: int, most: int) -> int:
    return min(max(int(str(text)), 1), most) if str(text).isdecimal() else default


class ProgrammeEditor:
    """Changes what was entered, before it is shown again: one button, one method.

    Works on the sent values, so nothing has to be complete yet.
    """

    def __init__(self, data: QueryDict) -> None:
        self.data = data.copy()
        self.total = total_of(self.data)

    def value(self, number: int, name: str) -> str:
        return str(self.data.get(f"{PREFIX}-{number}-{name}", ""))

    def _set(self, number: int, **values: object) -> None:
        for name, value in values.items():
            self.data[f"{PREFIX}-{number}-{name}"] = str(value)

    def _append(self, **values: object) -> None:
        if self.total >= MOST_PARTS:
            return
        positions = [self.value(number, "position") for number in range(self.total)]
        last = max((int(text) for text in positions if text.isdecimal()), default=0)
        self._set(self.total, position=last + 1, **values)
        self.total += 1
        self.data[f"{PREFIX}-TOTAL_FORMS"] = str(self.total)

    def _next_start(self) -> datetime | None:
        """Where the last part ends, or where the event begins."""
        ends = []
        for number in range(self.total):
            if not self.value(number, "DELETE"):
                ends += [self.value(number, "ends_at"), self.value(number, "starts_at")]
        moments = [moment for text in ends if (moment := read_moment(text))]
        return max(moments) if moments else read_moment(str(self.data.get("starts_at", "")))

    def _span(self, minutes: int) -> dict[str, str]:
        start = self._next_start()
        if start is None:
            return {}
        end = start + timedelta(minutes=minutes)
        return {"starts_at": start.strftime(FORMAT), "ends_at": end.strftime(FORMAT)}

    def _next_run(self) -> int:
        runs = [self.value(number, "run") for number in range(self.total)]
        return 1 + max((int(text) for text in runs if text.isdecimal()), default=0)

    def add_part(self, part: str) -> None:
        """Add a plenary part, a break, or one workshop; it begins where the last one ends."""
        kind = SessionPart(part) if part in SessionPart.values else SessionPart.PLENARY
        values: dict[str, object] = {"part": kind.value, **self._span(_MINUTES[kind])}
        if kind == SessionPart.BREAK:
            values |= {"title_de": "Pause", "title_en": "Break"}
        self._append(**values)

    def add_run(self) -> None:
        """Add as many parallel workshops as asked for, side by side, with places for all."""
        count = _number(self.data.get("run_size"), 3, 20)
        span = self._span(_number(self.data.get("run_minutes"), 45, 600))
        places = str(self.data.get("capacity", ""))
        share: dict[str, object] = {}
        if places.isdecimal() and int(places) > 0:
            share = {"capacity": -(-int(places) // count)}
        run = self._next_run()
        for track in range(1, count + 1):
            self._append(part=SessionPart.PARALLEL.value, run=run, track=track, **span, **share)

    def repeat_run(self) -> None:
        """Offer the workshops of the last run once more, after everything else."""
        run = self._next_run()
        rows = [n for n in range(self.total) if self.value(n, "run") == str(run - 1)]
        rows = [n for n in rows if not self.value(n, "DELETE")]
        if not rows:
            return
        first = rows[0]
        start, end = (read_moment(self.value(first, name)) for name in ("starts_at", "ends_at"))
        minutes = int((end - start).total_seconds() // 60) if start and end else 0
        span = self._span(minutes if minutes > 0 else _MINUTES[SessionPart.PARALLEL])
        taken = {self.value(number, "workshop") for number in range(self.total)}
        for number in rows:
            # The part's own word stands for the workshop once somebody may have wished for it.
            key = self.value(number, "workshop") or self.value(number, "code")
            if not key:
                free = (f"w{n}" for n in range(1, MOST_PARTS * 2))
                key = next(word for word in free if word not in taken)
                taken.add(key)
            self._set(number, workshop=key)
            again = {name: self.value(number, name) for name in _REPEATED}
            self._append(
                part=SessionPart.PARALLEL.value, run=run, workshop=key, **{**again, **span}
            )

    def move(self, number_and_way: str) -> None:
        """Swap a row with its neighbour: ``3-up`` or ``3-down``; rows are sent in order."""
        text, _, way = number_and_way.partition("-")
        number = int(text) if text.isdecimal() else -1
        other = number - 1 if way == "up" else number + 1
        if not (0 <= number < self.total and 0 <= other < self.total):
            return
        names = {
            key.removeprefix(f"{PREFIX}-{n}-")
            for n in (number, other)
            for key in self.data
            if key.startswith(f"{PREFIX}-{n}-")
        } - {"position"}
        for name in names:
            keys = [f"{PREFIX}-{n}-{name}" for n in (number, other)]
            values = [self.data.getlist(key) for key in keys]
            for key, value in zip(keys, reversed(values), strict=True):
                self.data.setlist(key, value)
                if not value:
                    del self.data[key]

    def shift(self) -> None:
        """Move every part by as much as the beginning of the event was moved since it was saved.

        Moved on the clock of the wall: what began at ten begins at ten, summer time or not.
        """
        before = read_moment(str(self.data.get("programme_start", "")))
        now = read_moment(str(self.data.get("starts_at", "")))
        if before is None or now is None:
            return
        for number in range(self.total):
            for name in ("starts_at", "ends_at"):
                if moment := read_moment(self.value(number, name)):
                    self._set(number, **{name: (moment + (now - before)).strftime(FORMAT)})
        self.data["programme_start"] = now.strftime(FORMAT)

    def in_order(self) -> None:
        """Give every row a position of its own, in the order they were sent."""
        positions = [self.value(number, "position") for number in range(self.total)]
        numbers = [int(text) if text.isdecimal() else -1 for text in positions]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            for number in range(self.total):
                self._set(number, position=number)


def read_moment(text: str) -> datetime | None:
    """Return an entered moment on the portal's own clock, without a zone; None: unreadable."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=None) if moment else None


BUTTONS = ("add_session", "add_run", "repeat_run", "move", "shift")


def pressed(data: Mapping[str, Any]) -> str:
    """Return which button of the programme was pressed; empty: the whole form is sent."""
    return next((name for name in BUTTONS if name in data), "")


def edited(data: QueryDict) -> QueryDict:
    """Return what was entered after the pressed button has done its work."""
    editor = ProgrammeEditor(data)
    match pressed(data):
        case "add_session":
            editor.add_part(str(data["add_session"]))
        case "add_run":
            editor.add_run()
        case "repeat_run":
            editor.repeat_run()
        case "shift":
            editor.shift()
        case "move":
            editor.in_order()
            editor.move(str(data["move"]))
    return editor.data
