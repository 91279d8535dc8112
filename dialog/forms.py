"""Forms of the pages that belong to no single app."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class MessageForm(forms.Form):
    """A message to the office. ``website`` is a trap: people do not see it, programs fill it."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=120,
        error_messages={"required": _("Enter in a few words what it is about.")},
    )
    message = forms.CharField(
        label=_("Your message"),
        max_length=5000,
        widget=forms.Textarea,
        error_messages={"required": _("Enter your message.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if you would like an answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": _("Enter an address like name@example.org, or leave the field empty.")
        },
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("The message could not be sent. Please write us an e-mail."))
        return ""


class BarrierForm(MessageForm):
    """A barrier: where it is, and what happened."""

    page = forms.CharField(
        label=_("Page with the barrier"),
        max_length=500,
        required=False,
        help_text=_("The address of the page, or its name."),
    )
    field_order = ("page", "message", "name", "email", "website")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["subject"]
        self.fields["message"].label = _("What did not work?")
        self.fields["message"].help_text = _(
            "If you like, also say which aids you use, such as a screen reader."
        )
        self.fields["message"].error_messages["required"] = _("Describe what did not work.")
