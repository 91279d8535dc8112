"""One more event like this one, or a series of it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.forms.shared import LineField, moment_field
from events.models import Event
from events.recurrence import Rhythm, dates_of, shifted


def german_title(event: Any) -> str:
    """Return the title in German; modeltranslation adds the field."""
    return str(event.title_de or "")


class CloneForm(forms.Form):
    """When the copy takes place, and what it is called."""

    title_de = LineField(
        label=_("Title in German"),
        max_length=200,
        error_messages={"required": _("Please give the event a title in German.")},
    )
    starts_at = moment_field(
        _("Begins"),
        required=True,
        help_text=_("The programme and all deadlines move by the same time."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("title_de", german_title(event))
        in_four_weeks = dates_of(event.starts_at, Rhythm.WEEKS, 4, 1)[0]
        self.initial.setdefault("starts_at", in_four_weeks)


class RepeatForm(forms.Form):
    """How often an event comes again."""

    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=60, initial=3)
    rhythm = forms.ChoiceField(
        label=_("Rhythm"), choices=Rhythm, initial=Rhythm.WEEKDAYS, widget=forms.RadioSelect
    )
    times = forms.IntegerField(
        label=_("How many more events?"), min_value=1, max_value=52, initial=4
    )
    title = LineField(
        label=_("Name of the series in German"),
        max_length=200,
        help_text=_("Shown on the page of each of its events."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        if event.series is not None:
            del self.fields["title"]
        else:
            self.initial.setdefault("title", german_title(event))

    def starts(self) -> list[datetime]:
        """Return the beginnings that were asked for, after ``is_valid``."""
        data = self.cleaned_data
        return dates_of(self.event.starts_at, Rhythm(data["rhythm"]), data["every"], data["times"])

    def preview(self) -> list[tuple[datetime, datetime | None]]:
        """Return beginning and end of each event to be made."""
        event = self.event
        return [
            (start, event.ends_at and shifted(event.ends_at, event.starts_at, start))
            for start in self.starts()
        ]
