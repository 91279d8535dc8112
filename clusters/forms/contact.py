"""Messages to a cluster by people who need no account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class TrapInput(forms.TextInput):
    """A text box off the screen that people never meet and programs fill in."""

    is_hidden = True

    def __init__(self) -> None:
        super().__init__(
            attrs={
                "class": "cd-trap",
                "tabindex": "-1",
                "autocomplete": "off",
                "aria-hidden": "true",
            }
        )


class TrapMixin(forms.Form):
    """Refuses what a program filled in."""

    homepage = forms.CharField(required=False, widget=TrapInput, label=_("Leave this empty"))

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise ValidationError(_("This could not be sent. Please leave the hidden field empty."))
        return ""


class ContactForm(TrapMixin):
    """A message to the people who run a cluster."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name, so that the cluster knows who writes.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The cluster answers to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address; the answer goes there."),
            "invalid": _("Enter an address like name@example.org."),
        },
    )
    message = forms.CharField(
        label=_("Your message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Enter your message.")},
    )
    consent = forms.BooleanField(
        label=_("My name, address and message may be passed on to this cluster."),
        error_messages={"required": _("Tick the box; without it the message cannot be passed on.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "email", "message", "consent"])
