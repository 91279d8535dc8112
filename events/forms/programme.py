"""The programme on the form of an event: parts, runs of workshops, and buttons that add them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from events.choices import DatePrecision, SessionPart
from events.dates import local
from events.forms.shared import LineField, moment_field, text_field, without_errors
from events.models import Event, Session

PREFIX = "sessions"
MOST_PARTS = 200
# What the next part is taken to last, in minutes, until somebody says otherwise.
_MINUTES = {SessionPart.PLENARY: 45, SessionPart.PARALLEL: 45, SessionPart.BREAK: 15}
_FORMAT = "%Y-%m-%dT%H:%M"
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


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One part of the programme."""

    part = forms.ChoiceField(label=_("Part"), choices=SessionPart)
    title_de = LineField(
        label=_("Title in German"),
        max_length=200,
        error_messages={"required": _("Please give this part a title, or remove it.")},
    )
    title_en = LineField(label=_("Title in English"), max_length=200, required=False)
    starts_at = moment_field(_("Begins"), required=False)
    ends_at = moment_field(_("Ends"), required=False)
    moderator = LineField(
        label=_("Moderation"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "organisations"}),
        help_text=_("Organisation or person."),
    )
    speaker = LineField(label=_("Speaker"), max_length=200, required=False)
    room = LineField(label=_("Room"), max_length=120, required=False)
    capacity = forms.IntegerField(label=_("Places"), required=False, min_value=1, max_value=100_000)
    online_url = forms.URLField(
        label=_("Link for taking part online"), required=False, assume_scheme="https"
    )
    run = forms.IntegerField(
        label=_("Run"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("Parallel workshops with the same number take place side by side."),
    )
    track = forms.IntegerField(label=_("Column"), required=False, min_value=1, max_value=99)
    workshop = forms.SlugField(
        label=_("Workshop"),
        max_length=60,
        required=False,
        help_text=_("The same word in two runs: the same workshop. Nobody gets it twice."),
    )
    summary_de = text_field(_("What it is about, in German"), rows=3)
    summary_en = text_field(_("What it is about, in English"), rows=3)
    position = forms.IntegerField(
        min_value=0, max_value=9999, required=False, widget=forms.HiddenInput
    )
    DELETE = forms.BooleanField(label=_("Remove this part"), required=False)

    MAIN = (
        "part",
        "title_de",
        "title_en",
        "starts_at",
        "ends_at",
        "moderator",
        "room",
        "capacity",
    )
    MORE = ("speaker", "online_url", "run", "track", "workshop", "summary_de", "summary_en")

    class Meta:
        model = Session
        fields = (
            "part",
            "title_de",
            "title_en",
            "starts_at",
            "ends_at",
            "moderator",
            "speaker",
            "room",
            "capacity",
            "online_url",
            "run",
            "track",
            "workshop",
            "summary_de",
            "summary_en",
            "position",
        )

    def main_fields(self) -> list[forms.BoundField]:
        """What is filled in for nearly every part."""
        return [self[name] for name in self.MAIN]

    def more_fields(self) -> list[forms.BoundField]:
        """What is needed now and then."""
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        return any(name in self.errors for name in self.MORE)

    @property
    def is_open(self) -> bool:
        """Whether somebody is at work on the part; the others are folded to one line."""
        return self.instance.pk is None or (
            self.is_bound and (self.has_changed() or bool(self.errors))
        )

    @property
    def shown_time(self) -> str:
        """The time of day as it stands in the form, such as ``14:00–14:45``."""
        moments = [_entered(self[name]) for name in ("starts_at", "ends_at")]
        return "–".join(f"{moment:%H:%M}" for moment in moments if moment)

    @property
    def is_removed(self) -> bool:
        """Whether the part is ticked to go; its mistakes do not matter then."""
        return bool(self.data.get(self.add_prefix("DELETE")))

    @property
    def shown_part(self) -> str:
        return str(self["part"].value() or "")

    @property
    def shown_run(self) -> str:
        return str(self["run"].value() or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end < start:
            self.add_error("ends_at", _("This part ends before it begins."))
        if cleaned.get("position") is None:
            cleaned["position"] = self.instance.position or 0
        return cleaned


class Programme:
    """All parts of an event's programme as forms, in their order.

    A row that has no ``id``, or that of a part somebody else has removed meanwhile, is a new part.
    """

    def __init__(self, data: Mapping[str, Any] | None, event: Event) -> None:
        self.event = event
        self.data = data
        stored = list(event.sessions.all()) if event.pk else []
        self.rows: list[SessionForm] = []
        if data is None:
            for number, session in enumerate(stored):
                self.rows.append(SessionForm(instance=session, prefix=f"{PREFIX}-{number}"))
            return
        by_pk = {str(session.pk): session for session in stored}
        for number in range(total_of(data)):
            pk = str(data.get(f"{PREFIX}-{number}-id", ""))
            session = by_pk.pop(pk) if pk in by_pk else Session(event=event)
            self.rows.append(SessionForm(data, instance=session, prefix=f"{PREFIX}-{number}"))

    def __iter__(self) -> Iterator[SessionForm]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_runs(self) -> bool:
        return any(row.shown_part == SessionPart.PARALLEL for row in self.rows)

    @property
    def next_run(self) -> int:
        """The number of the run that would be added now."""
        return 1 + max((int(r.shown_run) for r in self.rows if r.shown_run.isdecimal()), default=0)

    def kept(self) -> list[SessionForm]:
        return [row for row in self.rows if not row.is_removed]

    def is_valid(self) -> bool:
        # Each row, so that all mistakes are named at once.
        wrong = [row for row in self.kept() if not row.is_valid()]
        return not wrong

    def check_days(self, event: Event) -> None:
        """Complain about parts on days on which the event does not take place."""
        if event.date_precision not in (DatePrecision.TIME, DatePrecision.DAY):
            return
        first = local(event.starts_at).date()
        last = local(event.ends_at or event.starts_at).date()
        for row in self.kept():
            for name in ("starts_at", "ends_at"):
                moment = row.cleaned_data.get(name)
                if moment and not first <= local(moment).date() <= last:
                    row.add_error(
                        name, _("The event does not take place on this day. Please check the date.")
                    )

    def changed(self) -> list[Session]:
        """Return the parts to write, after :meth:`is_valid`."""
        written = [row for row in self.kept() if row.has_changed() or row.instance.pk is None]
        return [row.save(commit=False) for row in written]

    def removed(self) -> list[Session]:
        return [row.instance for row in self.rows if row.is_removed and row.instance.pk]

    def without_errors(self) -> None:
        for row in self.rows:
            without_errors(row)


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
        moments = [moment for text in ends if (moment := _read(text))]
        return max(moments) if moments else _read(str(self.data.get("starts_at", "")))

    def _span(self, minutes: int) -> dict[str, str]:
        start = self._next_start()
        if start is None:
            return {}
        end = start + timedelta(minutes=minutes)
        return {"starts_at": start.strftime(_FORMAT), "ends_at": end.strftime(_FORMAT)}

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
        start, end = _read(self.value(first, "starts_at")), _read(self.value(first, "ends_at"))
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

    def in_order(self) -> None:
        """Give every row a position of its own, in the order they were sent."""
        positions = [self.value(number, "position") for number in range(self.total)]
        numbers = [int(text) if text.isdecimal() else -1 for text in positions]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            for number in range(self.total):
                self._set(number, position=number)


def _entered(bound: forms.BoundField) -> datetime | None:
    value = bound.value()
    if not isinstance(value, datetime):
        return _read(str(value or ""))
    # Form fields hand out the portal's own clock without a zone.
    return value if timezone.is_naive(value) else local(value)


def _read(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=None) if moment else None


BUTTONS = ("add_session", "add_run", "repeat_run", "move")


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
        case "move":
            editor.in_order()
            editor.move(str(data["move"]))
    return editor.data
