"""Which calendar somebody wants to subscribe to."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.models import District, InnovationField


class SubscriptionForm(forms.Form):
    """One innovation field, one district, both, or all events."""

    field: Any = forms.ModelChoiceField(
        label=_("Innovation field"),
        queryset=InnovationField.objects.order_by("number"),
        to_field_name="code",
        empty_label=_("All fields"),
        required=False,
    )
    district: Any = forms.ModelChoiceField(
        label=_("District"),
        queryset=District.objects.order_by("short_name"),
        to_field_name="code",
        empty_label=_("All districts"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on pages beside forms whose fields have the same names.
        super().__init__(*args, **{"auto_id": "subscribe_%s", **kwargs})

    def address(self) -> str:
        """Return the full address of the calendar chosen; of all events without a valid choice."""
        chosen = getattr(self, "cleaned_data", {}) if self.is_bound and self.is_valid() else {}
        query = {name: row.code for name, row in chosen.items() if row is not None}
        language = "en" if (get_language() or "").startswith("en") else "de"
        words = urlencode({"language": language, **query})
        return f"{settings.BASE_URL}{reverse('event-feed')}?{words}"

    def webcal_address(self) -> str:
        """Return the address that opens the device's own calendar program."""
        return f"webcal://{self.address().partition('://')[2]}"
