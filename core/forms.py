"""Forms several apps build on."""

from __future__ import annotations

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from core.uploads import check_document


class DocumentUploadForm(forms.Form):
    """A PDF file with a title; apps add who may read it."""

    title = forms.CharField(label=_("Title"), max_length=160)
    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("Up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        check_document(file)
        return file
