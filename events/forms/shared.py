"""What the forms of events have in common."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 20_000
_MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """Day and time on the portal's clock; says so when summer time skips or doubles them."""

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment.

        :raises ValidationError: when the clocks do not show this time, or show it twice.
        """
        if isinstance(value, str):
            # Nothing but a date and a time is entered; what follows a NUL would be lost.
            value = value.strip()
        with timezone.override(UTC):
            moment = super().to_python(value)
        if moment is None:
            return None
        naive = moment.replace(tzinfo=None)
        zone = timezone.get_default_timezone()
        early, late = (naive.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
        if early is not None and late is not None and early != late:
            hint = (
                _(
                    "The clocks go back in this night, so %(time)s comes twice. Please choose a"
                    " time before 2:00 or from 3:00 on."
                )
                if early > late
                else _(
                    "The clocks go forward in this night, so there is no %(time)s. Please choose"
                    " a time before 2:00 or from 3:00 on."
                )
            )
            raise ValidationError(hint, code="clock", params={"time": f"{naive:%H:%M}"})
        if not 1990 <= naive.year <= 2100:
            raise ValidationError(_("Please check the year."), code="year")
        return naive.replace(tzinfo=zone)


def moment_field(label: Any, *, required: bool, help_text: Any = "") -> MomentField:
    """Return a field for day and time with the browser's own picker."""
    return MomentField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
        input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
        error_messages={
            "invalid": _("Please enter day and time, for instance 26.05.2027 14:00."),
            "required": _("Please enter day and time."),
        },
    )


class LineField(forms.CharField):
    """A text of one line: breaks and runs of spaces become one space."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value)).split())


def text_field(label: Any, *, rows: int = 5, help_text: Any = "") -> forms.CharField:
    """Return a field for a longer text that may stay empty."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": rows}),
        help_text=help_text,
    )


def without_errors(form: forms.BaseForm) -> None:
    """Show a bound form with what was entered but without complaints: it is still being filled."""
    form._errors = ErrorDict()  # type: ignore[attr-defined]


def lines_of(text: str, longest: int) -> list[str]:
    """Return the lines with words in them, each at most ``longest`` characters long."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if any(len(line) > longest for line in lines):
        raise ValidationError(
            _("Please write at most %(count)d characters on each line."),
            params={"count": longest},
        )
    return lines
