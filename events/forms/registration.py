"""Registering: for oneself, for colleagues, and by the office."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from events.choices import ParticipantGroup
from events.forms.question_fields import QuestionForm
from events.models import Event, Registration

_ADDRESS_ERRORS = {
    "required": _("Please enter an e-mail address."),
    "invalid": _("Please enter an address like name@example.org."),
}


class DetailsForm(QuestionForm):
    """What a person says of themselves; parts the event does not ask for are left out."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Please enter your name.")},
    )
    expectation = forms.CharField(
        label=_("What do you wish for?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What should the event be about, what would you like to take home?"),
    )
    list_consent = forms.BooleanField(
        label=_("The others may see my name and my cluster in the list of participants"),
        required=False,
        help_text=_("You can change this at any time. Without it only the office sees you."),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not event.asks_expectations:
            del self.fields["expectation"]
        if not event.shows_participants:
            del self.fields["list_consent"]
        # Consent is asked for last, after everything one agrees to be asked.
        last: dict[str, forms.Field] = {
            name: self.fields.pop(name)
            for name in ("expectation", "list_consent")
            if name in self.fields
        }
        self.fields.update(last)

    @classmethod
    def of(
        cls, registration: Registration, questions: Iterable[Any], data: Any = None
    ) -> "DetailsForm":
        """Return the form with what the person said before."""
        answers = dict(registration.answers.values_list("question_id", "value"))
        initial = {
            "name": registration.name,
            "expectation": registration.expectation,
            "list_consent": registration.list_consent,
        }
        return cls(
            data, event=registration.event, questions=questions, answers=answers, initial=initial
        )


class RegistrationForm(DetailsForm):
    """Registering oneself, for one of one's clusters or for none."""

    cluster: Any = forms.ModelChoiceField(
        queryset=Cluster.objects.none(),
        label=_("I come for"),
        required=False,
        empty_label=_("no cluster"),
    )

    def __init__(self, *args: Any, clusters: QuerySet[Cluster], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cluster"]
        field.queryset = clusters
        if not clusters:
            del self.fields["cluster"]
        self.order_fields(["name", "cluster"])


class ColleagueForm(forms.Form):
    """One person to register; an empty row is no mistake."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, required=False, error_messages=_ADDRESS_ERRORS
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("name") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", _ADDRESS_ERRORS["required"])
        if cleaned.get("email") and not cleaned.get("name"):
            self.add_error("name", _("Please enter the name, too."))
        return cleaned


class _ColleagueRows(forms.BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        if any(self.errors):
            return
        addresses = [email.lower() for _name, email in self.people()]
        if not addresses:
            raise ValidationError(_("Please enter at least one person."))
        if len(set(addresses)) < len(addresses):
            raise ValidationError(_("An address is entered twice. Everybody needs their own."))

    def people(self) -> list[tuple[str, str]]:
        """Return names with addresses."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("email")]
        return [(row["name"], row["email"]) for row in filled]


ColleagueFormSet: Any = formset_factory(
    ColleagueForm, formset=_ColleagueRows, extra=4, max_num=20, absolute_max=20
)


class PersonForm(forms.Form):
    """Somebody the office registers by hand."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages={"required": _("Please enter the name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, error_messages=_ADDRESS_ERRORS
    )
    cluster: Any = forms.ModelChoiceField(
        queryset=Cluster.objects.none(),
        label=_("Cluster"),
        required=False,
        empty_label=_("no cluster"),
    )
    group = forms.ChoiceField(label=_("Group"), choices=ParticipantGroup)
    language = forms.ChoiceField(
        label=_("Language of the mails"), choices=[("de", _("German")), ("en", _("English"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cluster"]
        field.queryset = Cluster.objects.published().order_by("name")


class ReasonForm(forms.Form):
    """Why somebody cannot come."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("It is sent to the person."),
        error_messages={"required": _("Please give a reason. It is sent to the person.")},
    )
