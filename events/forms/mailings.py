"""Planning a mail to a segment of an event's people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.forms.shared import moment_field
from events.segments import LABELS, OFFERED, Segment

_MOST_TICKED = 5000


class MailingForm(forms.Form):
    """Who gets the mail, and when."""

    who = forms.MultipleChoiceField(
        label=_("Who gets it?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose who is to get the mail.")},
    )
    when = forms.ChoiceField(
        label=_("When?"),
        choices=[("now", _("at once")), ("later", _("on a day"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    at = moment_field(_("Day and time"), required=False)
    only = forms.TypedMultipleChoiceField(
        label=_("Only these invitations"),
        required=False,
        coerce=int,
        widget=forms.MultipleHiddenInput,
    )

    def __init__(
        self, *args: Any, occasion: str, counts: dict[str, int], ticked: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        parts = OFFERED[occasion]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (part, f"{LABELS[part]} ({counts[part]})") for part in parts
        ]
        self.fields["who"].initial = [parts[0]]
        numbers = [pk for pk in ticked if pk.isdecimal() and len(pk) < 19][:_MOST_TICKED]
        self.fields["only"].choices = [(pk, pk) for pk in numbers]  # type: ignore[attr-defined]
        self.fields["only"].initial = numbers
        self.ticked = len(numbers)

    @property
    def ticked_in_words(self) -> str:
        """Say how many invitations were ticked; empty when none was."""
        if not self.ticked:
            return ""
        text = ngettext(
            "Only the %(count)d person you have ticked, as far as nothing else is chosen here.",
            "Only the %(count)d people you have ticked, as far as nothing else is chosen here.",
            self.ticked,
        )
        return text % {"count": self.ticked}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "later" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _("Please enter day and time."))
        if cleaned.get("when") == "now":
            cleaned["at"] = None
        return cleaned

    def segment(self) -> Segment:
        """Return the choice as the verb takes it."""
        return Segment(tuple(self.cleaned_data["who"]), tuple(self.cleaned_data["only"]))
