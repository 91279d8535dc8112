"""Answering an invitation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.choices import Answer


class AnswerForm(forms.Form):
    """Yes, maybe, no, or who comes instead."""

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[
            (Answer.YES, _("Yes, I will come")),
            (Answer.MAYBE, _("Maybe")),
            (Answer.NO, _("No, I cannot come")),
            (Answer.COLLEAGUE, _("A colleague comes instead of me")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose yes, maybe, no, or a colleague.")},
    )
    colleague_name = forms.CharField(
        label=_("Name of the colleague"),
        max_length=150,
        required=False,
        help_text=_("Only if a colleague comes."),
    )
    colleague_email = forms.EmailField(
        label=_("E-mail address of the colleague"),
        max_length=254,
        required=False,
        help_text=_("They get a mail that says who named them, and can withdraw with one click."),
        error_messages={"invalid": _("Please enter an address like name@example.org.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == Answer.COLLEAGUE:
            if not cleaned.get("colleague_name"):
                self.add_error("colleague_name", _("Please enter the name of your colleague."))
            if not cleaned.get("colleague_email") and "colleague_email" not in self.errors:
                self.add_error("colleague_email", _("Please enter the address of your colleague."))
        return cleaned
