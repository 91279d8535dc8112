"""A file for download."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.choices import Confidentiality
from clusters.forms.statement import LEVELS
from core.forms import DocumentUploadForm


class DocumentForm(DocumentUploadForm):
    confidentiality = forms.ChoiceField(
        label=_("Who may read this?"),
        choices=LEVELS,
        initial=Confidentiality.PUBLIC,
        widget=forms.RadioSelect,
    )
