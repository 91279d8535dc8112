"""Writing the questions of an event."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.choices import QuestionKind, QuestionStage
from events.forms.shared import LineField, lines_of
from events.models import Question

_MOST_OPTIONS = 30


class QuestionEditForm(forms.ModelForm):  # type: ignore[type-arg]
    """One question, in both languages."""

    stage = forms.ChoiceField(label=_("When is it asked?"), choices=QuestionStage)
    kind = forms.ChoiceField(label=_("How is it answered?"), choices=QuestionKind)
    label_de = LineField(
        label=_("Question in German"),
        max_length=300,
        error_messages={"required": _("Please write the question in German.")},
    )
    label_en = LineField(label=_("Question in English"), max_length=300, required=False)
    help_de = LineField(label=_("Explanation in German"), max_length=300, required=False)
    help_en = LineField(label=_("Explanation in English"), max_length=300, required=False)
    options_de = forms.CharField(
        label=_("Options in German"),
        widget=forms.Textarea({"rows": 5}),
        required=False,
        help_text=_("One a line. Only for “one of several” and “several of several”."),
    )
    options_en = forms.CharField(
        label=_("Options in English"),
        widget=forms.Textarea({"rows": 5}),
        required=False,
        help_text=_("The same number, in the same order. Empty: shown in German."),
    )
    is_required = forms.BooleanField(label=_("Must be answered"), required=False)

    class Meta:
        model = Question
        fields = (
            "stage",
            "kind",
            "label_de",
            "label_en",
            "help_de",
            "help_en",
            "options_de",
            "options_en",
            "is_required",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("options_de", "options_en"):
            self.initial[name] = "\n".join(getattr(self.instance, name))

    def clean_options_de(self) -> list[str]:
        return lines_of(self.cleaned_data["options_de"], 200)

    def clean_options_en(self) -> list[str]:
        return lines_of(self.cleaned_data["options_en"], 200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        german, english = cleaned.get("options_de"), cleaned.get("options_en")
        if german is None or english is None:
            return cleaned
        if cleaned.get("kind") not in (QuestionKind.CHOICE, QuestionKind.SEVERAL):
            return cleaned
        if len(german) < 2:
            self.add_error("options_de", _("Please write at least two options, one a line."))
        elif len(german) > _MOST_OPTIONS:
            self.add_error("options_de", _("Please write at most 30 options."))
        elif len(set(german)) < len(german) or len(set(english)) < len(english):
            self.add_error("options_de", _("Two options are the same. Please change one of them."))
        elif english and len(english) != len(german):
            self.add_error(
                "options_en",
                _(
                    "There are %(german)d options in German and %(english)d in English."
                    " Please write the same number in the same order."
                )
                % {"german": len(german), "english": len(english)},
            )
        return cleaned
