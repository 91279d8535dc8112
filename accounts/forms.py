"""Shape and wording of what people enter about their account."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.choices import TOKEN_DAYS, TokenScope
from accounts.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """How somebody is called and written to."""

    class Meta:
        model = User
        fields = ("name", "language")
        widgets: ClassVar[dict[str, Any]] = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("As others should see it, for instance in your cluster’s team."),
            "language": _("For e-mails, and for pages after you sign in."),
        }


class TokenForm(forms.Form):
    """What a new API token is for, what it may and how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What you will use it for, for instance “Website of our cluster”."),
    )
    scope = forms.ChoiceField(
        label=pgettext_lazy("what a token may do", "May"),
        choices=TokenScope,
        initial=TokenScope.READ,
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(label=_("Valid for"), coerce=int, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(days)d day", "%(days)d days", days) % {"days": days})
            for days in TOKEN_DAYS
        ]


class DeleteAccountForm(forms.Form):
    """A second thought before the account goes."""

    sure = forms.BooleanField(
        label=_("Yes, delete my account"),
        error_messages={"required": _("Please tick the box if you are sure.")},
    )


class NewUserForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account made by an operator; its owner sets the password through a mailed link."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("email", "name", "language")
