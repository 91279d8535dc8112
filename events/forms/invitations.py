"""Choosing whom to invite."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.choices import ClusterKind
from clusters.models import Cluster, District, InnovationField
from events.audience import Audience, parse_addresses

_LARGEST_LIST = 50_000


class AudienceForm(forms.Form):
    """Who is to be invited."""

    innovation_fields = forms.MultipleChoiceField(
        label=_("Innovation fields"), required=False, widget=forms.CheckboxSelectMultiple
    )
    districts = forms.MultipleChoiceField(
        label=_("Districts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of cluster"),
        required=False,
        choices=ClusterKind,
        widget=forms.CheckboxSelectMultiple,
    )
    clusters = forms.MultipleChoiceField(
        label=_("Single clusters"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text=_("Several: hold Ctrl (on a Mac Cmd) while you choose."),
    )
    people = forms.ChoiceField(
        label=_("Whom of these clusters?"),
        choices=[("managers", _("Their managers")), ("members", _("All their members"))],
        initial="managers",
        widget=forms.RadioSelect,
    )
    addresses = forms.CharField(
        label=_("Further addresses"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=_("One a line or parted by commas, alone or as: Name &lt;address&gt;"),
    )
    language = forms.ChoiceField(
        label=_("Language for addresses without an account"),
        choices=[("de", _("German")), ("en", _("English"))],
        initial=get_language,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "innovation_fields": [
                (f.code, f.name) for f in InnovationField.objects.order_by("number")
            ],
            "districts": [(d.code, d.short_name) for d in District.objects.order_by("short_name")],
            "clusters": list(
                Cluster.objects.published().order_by("name").values_list("slug", "name")
            ),
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean_addresses(self) -> str:
        text = str(self.cleaned_data["addresses"])
        if text.count("\n") > _LARGEST_LIST:
            raise ValidationError(
                _("The list has more than %(count)d lines. Please send it in parts."),
                params={"count": _LARGEST_LIST},
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = ("innovation_fields", "districts", "kinds", "clusters")
        if not self.errors and not any(cleaned[name] for name in chosen):
            listed, malformed = parse_addresses(cleaned["addresses"], "de")
            if not listed and not malformed:
                raise ValidationError(
                    _("Nobody is chosen yet. Please tick clusters or enter addresses.")
                )
        return cleaned

    def audience(self) -> Audience:
        """Return the choice as the verb takes it."""
        data = self.cleaned_data
        return Audience(
            fields=tuple(data["innovation_fields"]),
            districts=tuple(data["districts"]),
            kinds=tuple(data["kinds"]),
            clusters=tuple(data["clusters"]),
            managers_only=data["people"] == "managers",
            addresses=data["addresses"],
            language=data["language"],
        )
