"""What managers say about a suggestion, and which mails they want."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.choices import MailKind
from core.mail.optout import can_opt_out
from events.forms.shared import LineField
from matching.choices import FeedbackReason
from matching.services.feedback import LATER_DAYS, LATEST_DAYS


class LaterForm(forms.Form):
    """Until when a suggestion is put off."""

    until = forms.DateField(
        label=_("Show it again from"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please choose a day."),
            "invalid": _("Please enter a day, for instance 26.05.2027."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["until"].initial = today + timedelta(days=LATER_DAYS)
        self.fields["until"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": (today + timedelta(days=LATEST_DAYS)).isoformat(),
        }


class UnsuitableForm(forms.Form):
    """Why a suggestion does not fit."""

    reason = forms.ChoiceField(
        label=_("Why does it not fit?"),
        choices=FeedbackReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose a reason.")},
    )
    text = LineField(
        label=_("In your words"),
        required=False,
        max_length=500,
        help_text=_("For the staff of NRW.innovativ only; it helps to mend the weights."),
    )


class NotificationForm(forms.Form):
    """Which mails a person wants."""

    digest = forms.BooleanField(
        label=_("New suggested partners of my clusters, at most once a week"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in MailKind:
            if can_opt_out(kind) and kind != MailKind.SUGGESTION:
                self.fields[kind.value] = forms.BooleanField(
                    label=capfirst(kind.label), required=False
                )

    def refused(self) -> dict[str, bool]:
        """Return each kind of mail and whether the person wants none of it."""
        return {name: not wanted for name, wanted in self.cleaned_data.items() if name != "digest"}
