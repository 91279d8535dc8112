"""Staff's own words for the mails of an event."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from events.forms.shared import LineField
from events.mail_texts import PLACEHOLDERS, Words, unknown_placeholders

_LONGEST = 10_000


class MailTextForm(forms.Form):
    """Subject and text in both languages, side by side."""

    def __init__(self, *args: Any, words: dict[str, Words], **kwargs: Any) -> None:
        kwargs["initial"] = {
            f"{name}_{code}": getattr(words[code], name)
            for code, _name in settings.LANGUAGES
            for name in ("subject", "body")
        }
        super().__init__(*args, **kwargs)
        labels = {
            "subject_de": _("Subject in German"),
            "subject_en": _("Subject in English"),
            "body_de": _("Text in German"),
            "body_en": _("Text in English"),
        }
        for code, _name in settings.LANGUAGES:
            self.fields[f"subject_{code}"] = LineField(
                label=labels[f"subject_{code}"], max_length=200, required=False
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=labels[f"body_{code}"],
                max_length=_LONGEST,
                required=False,
                widget=forms.Textarea({"rows": 14}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, text in list(cleaned.items()):
            if unknown := unknown_placeholders(text or ""):
                known = ", ".join(f"{{{word}}}" for word in PLACEHOLDERS)
                message = _("There is no placeholder %(unknown)s. Known: %(known)s.")
                words = ", ".join(f"{{{word}}}" for word in unknown)
                self.add_error(name, message % {"unknown": words, "known": known})
        return cleaned

    def texts(self, default: dict[str, Words]) -> dict[str, tuple[str, str]]:
        """Return subject and text by language; what equals the default is not kept."""
        found = {}
        for code, _name in settings.LANGUAGES:
            subject = self.cleaned_data[f"subject_{code}"]
            body = self.cleaned_data[f"body_{code}"].replace("\r\n", "\n").strip()
            known = default[code]
            is_default = (subject, body) == (known.subject, known.body.strip())
            found[code] = ("", "") if is_default else (subject, body)
        return found

    def words(self, code: str) -> Words:
        """Return what is entered in one language, stored or not."""
        return Words(self.cleaned_data[f"subject_{code}"], self.cleaned_data[f"body_{code}"])
