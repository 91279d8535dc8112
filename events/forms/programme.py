"""The programme on the form of an event: its parts, one by one and together."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.choices import DatePrecision, SessionPart
from events.dates import local
from events.forms.programme_editor import FORMAT, PREFIX, read_moment, total_of
from events.forms.shared import LineField, moment_field, text_field, without_errors
from events.models import Event, Session


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
    def anchor(self) -> str:
        """The beginning of the event to which the times of the parts belong; empty: none is known.

        While the event is moved on the form, its parts stay behind until ``shift`` moves them.
        """
        if self.data is not None:
            return str(self.data.get("programme_start", ""))
        return local(self.event.starts_at).strftime(FORMAT) if self.event.pk else ""

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


def _entered(bound: forms.BoundField) -> datetime | None:
    value = bound.value()
    if not isinstance(value, datetime):
        return read_moment(str(value or ""))
    # Form fields hand out the portal's own clock without a zone.
    return value if timezone.is_naive(value) else local(value)
