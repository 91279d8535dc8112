"""What a manager says about the cluster, in both languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.choices import TermGroup
from clusters.diff import LABELS
from clusters.forms.versioned import VersionedForm
from clusters.models import Cluster, District, InnovationField, Term
from clusters.snapshots import PROFILE_FIELDS, TERM_FIELDS, Values
from core.uploads import clean_image

BILINGUAL = ("full_name", "profile")


class TermChoices(forms.TypedMultipleChoiceField):
    """Terms of one kind as checkboxes, in their groups."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


def grouped(terms: list[Term]) -> list[Any]:
    """Return choices of terms; those that name a group stand below its name."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for term in terms:
        groups.setdefault(term.group, []).append((term.pk, str(term)))
    if set(groups) <= {""}:
        return groups.get("", [])
    names = dict(TermGroup.choices)
    return [(names.get(group, _("Others")), choices) for group, choices in sorted(groups.items())]


class ProfileForm(VersionedForm):
    """The whole profile. ``values()`` are what a draft holds."""

    name = forms.CharField(label=_("Name"), max_length=120)
    full_name_de = forms.CharField(label=_("Full name in German"), max_length=250, required=False)
    full_name_en = forms.CharField(label=_("Full name in English"), max_length=250, required=False)
    profile_de = forms.CharField(
        label=_("Profile in German"),
        help_text=_(
            "What the cluster does, for whom, and what is special about it: 3 to 6 sentences."
        ),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "de"}),
    )
    profile_en = forms.CharField(
        label=_("Profile in English"),
        help_text=_("Visitors who read English see this; without it they see the German text."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "en"}),
    )
    city = forms.CharField(label=_("City of the office"), max_length=80, required=False)
    district: forms.ModelChoiceField[District] = forms.ModelChoiceField(
        District.objects.all(), label=_("District"), required=False, empty_label=_("not stated")
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    carrier = forms.CharField(
        label=_("Run by"),
        help_text=_("The organisation that runs the cluster management."),
        max_length=250,
        required=False,
    )
    founded_year = forms.IntegerField(
        label=_("Founded in"), min_value=1800, max_value=2100, required=False
    )
    members_count = forms.IntegerField(label=_("Number of members"), min_value=0, required=False)
    members_year = forms.IntegerField(
        label=_("Number of members as of"),
        help_text=_("The year the number is from."),
        min_value=1900,
        max_value=2100,
        required=False,
    )
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, up to 2 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=_("Show no logo"), required=False)
    innovation_fields = TermChoices(label=_("Innovation fields"))
    may_be_suggested = forms.BooleanField(
        label=_("Other clusters may be shown us as a possible partner"), required=False
    )

    def __init__(self, *args: Any, values: Values, **kwargs: Any) -> None:
        """``values`` is what the form starts from: the live profile with the draft upon it."""
        self.start = values
        kwargs["initial"] = {**values, "logo": None}
        super().__init__(*args, **kwargs)
        fields = self.fields["innovation_fields"]
        fields.choices = [(f.pk, str(f)) for f in InnovationField.objects.all()]  # type: ignore[attr-defined]
        by_kind: dict[str, list[Term]] = {}
        for term in Term.objects.all():
            by_kind.setdefault(term.kind, []).append(term)
        for name, kind in TERM_FIELDS.items():
            if kind in by_kind:
                self.fields[name] = TermChoices(label=LABELS[name], choices=grouped(by_kind[kind]))

    def clean_founded_year(self) -> int | None:
        year: int | None = self.cleaned_data["founded_year"]
        if year and year > timezone.localdate().year:
            raise forms.ValidationError(_("This year lies in the future."))
        return year

    def clean_logo(self) -> File[bytes] | None:
        file = self.cleaned_data["logo"]
        return clean_image(file) if file else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("profile_de") or data.get("profile_en")) and not self.errors:
            self.add_error("profile_de", _("Please write what the cluster does, in one language."))
        return data

    def values(self, *, store: bool = True) -> Values:
        """Return what was entered as JSON values; fields with errors keep what they had.

        ``store`` keeps a new logo on disk and names it; a preview does without.
        """
        data = self.cleaned_data
        values = {name: data[name] for name in PROFILE_FIELDS if name in data and name != "logo"}
        if "district" in values:
            values["district"] = values["district"].pk if values["district"] else None
        for name in ("innovation_fields", *TERM_FIELDS):
            if name in values:
                values[name] = sorted(values[name])
        values["logo"] = self._logo(store)
        return {**self.start, **values}

    def _logo(self, store: bool) -> str:
        file = self.cleaned_data.get("logo")
        if file and store:
            field = Cluster._meta.get_field("logo")
            return default_storage.save(field.generate_filename(Cluster(), file.name), file)
        if self.cleaned_data.get("remove_logo"):
            return ""
        return str(self.start.get("logo") or "")

    def forget_logo(self, values: Values) -> None:
        """Delete the picture :meth:`values` has just stored, because nothing names it."""
        if values["logo"] and values["logo"] != self.start.get("logo"):
            default_storage.delete(values["logo"])

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The bilingual fields, German beside English."""
        return [(self[f"{name}_de"], self[f"{name}_en"]) for name in BILINGUAL]

    def facts(self) -> list[forms.BoundField]:
        names = ("city", "district", "website", "carrier")
        numbers = ("founded_year", "members_count", "members_year")
        return [self[name] for name in (*names, *numbers)]

    def vocabularies(self) -> list[tuple[forms.BoundField, int]]:
        """The groups of terms, each with how many are ticked."""
        names = ["innovation_fields", *(name for name in TERM_FIELDS if name in self.fields)]
        return [(self[name], len(self[name].value() or [])) for name in names]
