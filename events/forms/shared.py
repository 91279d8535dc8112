"""What the forms of events have in common."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

_MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, *, required: bool, help_text: Any = "") -> forms.DateTimeField:
    """Return a field for day and time with the browser's own picker."""
    return forms.DateTimeField(
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
