"""The words of an event's mails."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from events.letters import LANGUAGES, LONGEST_BODY, Text, texts_of
from events.models import Event, MailText
from events.services.mail_texts import check_text

_SUBJECT = MailText._meta.get_field("subject").max_length


def _one_line(text: str) -> str:
    """Return a subject as one line: what breaks lines could forge a header."""
    plain = (" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return " ".join("".join(plain).split())


class MailTextForm(forms.Form):
    """Subject and text in both languages, beginning with what is sent now."""

    subject_de = forms.CharField(label=_("Subject, German"), required=False, max_length=_SUBJECT)
    body_de = forms.CharField(
        label=_("Text, German"),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea({"rows": 14, "lang": "de"}),
    )
    subject_en = forms.CharField(label=_("Subject, English"), required=False, max_length=_SUBJECT)
    body_en = forms.CharField(
        label=_("Text, English"),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea({"rows": 14, "lang": "en"}),
    )

    def __init__(self, *args: Any, event: Event, occasion: str, **kwargs: Any) -> None:
        self._event, self._occasion = event, occasion
        self.stored = {
            language: text for (kind, language), text in texts_of(event).items() if kind == occasion
        }
        kwargs["initial"] = {
            f"{part}_{language}": getattr(text, part)
            for language, text in self.stored.items()
            for part in ("subject", "body")
        }
        super().__init__(*args, **kwargs)

    def clean_subject_de(self) -> str:
        return _one_line(self.cleaned_data["subject_de"])

    def clean_subject_en(self) -> str:
        return _one_line(self.cleaned_data["subject_en"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for language in LANGUAGES:
            text = self.text(language)
            if not (text.subject or text.body):
                continue
            try:
                check_text(self._event, self._occasion, text, language)
            except DomainError as error:
                self.add_error(error.field, error.message)
        return cleaned

    def text(self, language: str) -> Text:
        """Return what was entered, or what is sent now while nothing was."""
        if not self.is_bound:
            return self.stored[language]
        data = getattr(self, "cleaned_data", {})
        subject, body = (
            str(data.get(name, self.data.get(name, "")))
            for name in (f"subject_{language}", f"body_{language}")
        )
        return Text(_one_line(subject), body.replace("\r\n", "\n").strip())

    def texts(self) -> dict[str, Text]:
        """Return what was entered by language."""
        return {language: self.text(language) for language in LANGUAGES}
