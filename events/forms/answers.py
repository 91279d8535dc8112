"""Answering an invitation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from events.choices import Answer


class AnswerForm(forms.Form):
    """Yes, maybe or no."""

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[
            (Answer.YES, _("Yes, I will come")),
            (Answer.MAYBE, _("Maybe")),
            (Answer.NO, _("No, I cannot come")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose yes, maybe or no.")},
    )
