"""What is asked at the door."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster


class WalkInForm(forms.Form):
    """Somebody who came without being registered."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages={"required": _("Please enter the name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("For the certificate, the minutes and the survey. May stay empty."),
        error_messages={"invalid": _("Please enter an address such as name@organisation.example.")},
    )
    cluster: Any = forms.ModelChoiceField(
        label=_("Cluster"),
        queryset=Cluster.objects.none(),
        required=False,
        empty_label=_("none or another organisation"),
    )
    language = forms.ChoiceField(
        label=_("Language of mails and certificate"), choices=settings.LANGUAGES
    )
    list_consent = forms.BooleanField(
        label=_("The person agrees to be on the list of participants"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clusters: Any = Cluster.objects.published()
        self.fields["cluster"].queryset = clusters.order_by("name")  # type: ignore[attr-defined]
        self.fields["language"].initial = (get_language() or "de")[:2]


class MarkForm(forms.Form):
    """One mark as a device sends it; times are seconds of the device's own clock."""

    id = forms.UUIDField()
    registration = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    is_present = forms.BooleanField(required=False)
    admit = forms.BooleanField(required=False)


def age_of(marked_at: object, sent_at: object) -> timedelta:
    """Return how old a mark was when it was sent; zero where the device does not tell.

    Both are seconds of the device's clock, so a clock that is wrong does no harm.
    """
    if not isinstance(marked_at, int | float) or not isinstance(sent_at, int | float):
        return timedelta(0)
    return timedelta(seconds=min(max(0.0, sent_at - marked_at), 10.0**7))
