"""The questions of an event as fields of a form."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.choices import QuestionKind
from events.models import Question

_SCALE = range(1, 6)
_LONGEST_ANSWER = 4000


def option_labels(question: Question) -> list[str]:
    """Return the options of a question in the active language.

    An option without an English text is shown in German.
    """
    german, english = list(question.options_de), list(question.options_en)
    if not (get_language() or "de").startswith("en"):
        return german
    english += [""] * (len(german) - len(english))
    return [en or de for de, en in zip(german, english, strict=False)]


def answer_in_words(question: Question, value: object) -> str:
    """Return a stored answer as people read it; empty for what is no answer (any more)."""
    labels = option_labels(question)
    match question.kind:
        case QuestionKind.CONSENT:
            return str(_("yes")) if value is True else str(_("no"))
        case QuestionKind.CHOICE | QuestionKind.SEVERAL:
            places = value if isinstance(value, list) else [value]
            return ", ".join(
                labels[place]
                for place in places
                if isinstance(place, int) and 0 <= place < len(labels)
            )
    return str(value)


class QuestionForm(forms.Form):
    """One field for each question, in the active language.

    ``answers`` holds what was answered before, by question id. Forms that ask more than questions
    declare their own fields; those come first.
    """

    def __init__(
        self,
        *args: Any,
        questions: Iterable[Question],
        answers: Mapping[int, object] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        known = answers or {}
        for question in self.questions:
            self.fields[self.name_of(question)] = self._field(question, known.get(question.pk))

    @staticmethod
    def name_of(question: Question) -> str:
        return f"question_{question.pk}"

    @staticmethod
    def _field(question: Question, known: object) -> forms.Field:
        shared: dict[str, Any] = {
            "label": question.label,
            # The template prints it as it is, and staff's words are no HTML.
            "help_text": escape(question.help or ""),
            "required": question.is_required,
            "initial": known,
            "error_messages": {"required": _("Please answer this question.")},
        }
        options = [(str(place), label) for place, label in enumerate(option_labels(question))]
        match question.kind:
            case QuestionKind.CHOICE:
                return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **shared)
            case QuestionKind.SEVERAL:
                return forms.MultipleChoiceField(
                    choices=options, widget=forms.CheckboxSelectMultiple, **shared
                )
            case QuestionKind.CONSENT:
                shared["error_messages"] = {
                    "required": _("Without this consent you cannot go on. Please tick the box.")
                }
                return forms.BooleanField(**shared)
            case QuestionKind.SCALE:
                scale = [(str(number), str(number)) for number in _SCALE]
                return forms.ChoiceField(choices=scale, widget=forms.RadioSelect, **shared)
        return forms.CharField(
            max_length=_LONGEST_ANSWER, widget=forms.Textarea({"rows": 3}), **shared
        )

    def values(self) -> dict[int, object]:
        """Return what was answered, as ``QuestionAnswer.value`` keeps it, by question id.

        Questions left open are not in it; a consent that was not given is False.
        """
        found: dict[int, object] = {}
        for question in self.questions:
            value = self.cleaned_data.get(self.name_of(question))
            match question.kind:
                case QuestionKind.CONSENT:
                    found[question.pk] = bool(value)
                case QuestionKind.SEVERAL if value:
                    found[question.pk] = [int(place) for place in value]
                case QuestionKind.CHOICE | QuestionKind.SCALE if value:
                    found[question.pk] = int(value)
                case QuestionKind.TEXT if value:
                    found[question.pk] = str(value)
        return found
