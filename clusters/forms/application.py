"""The application of a new cluster."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.choices import ClusterKind
from clusters.forms.contact import TrapMixin
from clusters.models import Application, District, InnovationField


class ApplicationForm(TrapMixin):
    """What staff must know to decide; nothing more is asked."""

    name = forms.CharField(
        label=_("Name of the cluster or network"),
        max_length=120,
        error_messages={"required": _("Enter the name of the cluster.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *ClusterKind.choices])
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", help_text="https://…"
    )
    city = forms.CharField(label=_("City of the office"), max_length=80, required=False)
    district: Any = forms.ModelChoiceField(
        label=_("District"), queryset=District.objects.all(), required=False
    )
    innovation_fields: Any = forms.ModelMultipleChoiceField(
        label=_("Innovation fields"),
        queryset=InnovationField.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that fit, at most three if you can."),
    )
    profile = forms.CharField(
        label=_("What does the cluster do?"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Three to six sentences: what for, with whom, what is special. They become the profile."
        ),
        error_messages={"required": _("Describe in a few sentences what the cluster does.")},
    )
    motivation = forms.CharField(
        label=_("What do you expect from the dialogue?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only the staff reads this."),
    )
    contact_name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    contact_email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("The answer goes there. It is not published."),
        error_messages={
            "required": _("Enter your e-mail address; the answer goes there."),
            "invalid": _("Enter an address like name@example.org."),
        },
    )

    def columns(self) -> dict[str, Any]:
        """The values as columns of ``Application``, fields of innovation left out."""
        left_out = {"homepage", "innovation_fields"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}

    @staticmethod
    def initial_of(application: Application) -> dict[str, Any]:
        """What an application says, for changing it."""
        names = [name for name in ApplicationForm.base_fields if name != "homepage"]
        values = {name: getattr(application, name) for name in names if name != "innovation_fields"}
        return {**values, "innovation_fields": application.innovation_fields.all()}

    def review(self) -> list[tuple[str, str, str]]:
        """Label, what was entered, and field name of each line, as the review page shows them."""
        lines = []
        for field in self.visible_fields():
            value = self.cleaned_data.get(field.name)
            if field.name == "kind":
                value = ClusterKind(str(value)).label
            elif field.name == "innovation_fields":
                value = ", ".join(str(item) for item in value or [])
            lines.append((str(field.label), str(value or ""), field.name))
        return lines
