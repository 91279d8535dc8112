"""What staff decides about an entry."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AcceptForm(forms.Form):
    """``version`` is the entry as the reviewer saw it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)


class ReasonForm(AcceptForm):
    """A decision that needs a reason."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The author receives this text by mail. Say what should be different."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
