"""To whom a mailing goes, and when."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.models import InnovationField
from events.choices import Answer, MailOccasion
from events.forms.invitations import ticks
from events.forms.shared import moment_field
from events.models import Event, Invitation
from events.segments import DEFAULTS, NO_ANSWER, Presence, Segment


class MailingForm(forms.Form):
    """One mailing. Several ticks in one list widen the choice, several lists narrow it."""

    answers = ticks(
        _("Who answered the invitation so"),
        [*Answer.choices, (NO_ANSWER, _("no answer yet"))],
    )
    presence = ticks(_("Who is registered so"), Presence)
    fields_ = ticks(_("Innovation field of the cluster"))
    only = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)
    scheduled_at = moment_field(
        _("Send on"), required=False, help_text=_("Leave this empty to send at once.")
    )

    def __init__(self, *args: Any, event: Event, occasion: str, **kwargs: Any) -> None:
        initial = {**DEFAULTS[occasion], **kwargs.get("initial", {})}
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        fields = InnovationField.objects.order_by("number")
        self.fields["fields_"].choices = [(f.code, f.name) for f in fields]  # type: ignore[attr-defined]
        asked = self.data.getlist("only") if self.is_bound else initial.get("only", [])  # type: ignore[attr-defined]
        numbers = [int(pk) for pk in asked if str(pk).isdecimal()]
        known = Invitation.objects.filter(event=event, pk__in=numbers)
        self.ticked = list(known.order_by("email").values_list("pk", "email"))
        self.fields["only"].choices = self.ticked  # type: ignore[attr-defined]
        if occasion == MailOccasion.REMINDER:
            # Whoever registered has answered.
            del self.fields["presence"]

    def segment(self) -> Segment:
        """Return the choice as the verb takes it."""
        data = self.cleaned_data
        return Segment(
            answers=tuple(data["answers"]),
            presence=tuple(data.get("presence", ())),
            fields=tuple(data["fields_"]),
            invitations=tuple(int(pk) for pk in data["only"]),
        )

    def moment(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["scheduled_at"]
        return moment
