"""Not with this cluster."""

from django import forms
from django.utils.translation import gettext_lazy as _


class BlockForm(forms.Form):
    """Why two clusters should not be suggested to each other; the other side never reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the managers of your cluster and staff can read this."),
    )
