"""A file for download."""

from __future__ import annotations

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from clusters.choices import Confidentiality
from clusters.forms.statement import LEVELS
from core.uploads import check_document


class DocumentForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=160)
    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("Up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    confidentiality = forms.ChoiceField(
        label=_("Who may read this?"),
        choices=LEVELS,
        initial=Confidentiality.PUBLIC,
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        check_document(file)
        return file
