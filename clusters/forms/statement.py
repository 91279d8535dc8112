"""What a cluster needs or offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.choices import ChangeTarget, Confidentiality, TermKind
from clusters.forms.profile import TermChoices
from clusters.forms.versioned import VersionedForm
from clusters.models import Term
from clusters.snapshots import Values

LEVELS = [
    (
        Confidentiality.PUBLIC,
        _("Everybody – stands on the public profile, in search and in the open data."),
    ),
    (
        Confidentiality.CLUSTERS,
        _("Signed-in clusters – members of other clusters and NRW.innovativ read it."),
    ),
    (
        Confidentiality.STAFF,
        _("NRW.innovativ only – other clusters do not see it; staff may look for a partner."),
    ),
]
KINDS = (
    TermKind.TECHNOLOGY,
    TermKind.SECTOR,
    TermKind.TARGET_GROUP,
    TermKind.SERVICE,
    TermKind.THEME,
)


class StatementForm(VersionedForm):
    """One need or offer. ``values()`` are what a draft holds."""

    text_de = forms.CharField(
        label=_("Text in German"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "lang": "de"}),
    )
    text_en = forms.CharField(
        label=_("Text in English"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "lang": "en"}),
    )
    terms = TermChoices(
        label=_("Terms"), help_text=_("They decide which clusters this is compared with.")
    )
    stage = forms.TypedChoiceField(
        label=_("Value-chain stage"), required=False, coerce=int, empty_value=None
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        help_text=_("Afterwards visitors no longer see it. You can extend it at any time."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    confidentiality = forms.ChoiceField(
        label=_("Who may read this?"), choices=LEVELS, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, values: Values, target: str, **kwargs: Any) -> None:
        """``values`` is what the form starts from, ``target`` says whether need or offer."""
        self.start = values
        start = {**values, "confidentiality": values.get("confidentiality") or "public"}
        kwargs["initial"] = start
        super().__init__(*args, **kwargs)
        is_need = target == ChangeTarget.NEED
        self.fields["text_de"].help_text = (
            _("What are you looking for, and what for? One or two sentences.")
            if is_need
            else _("What can others get from you? One or two sentences.")
        )
        by_kind: dict[str, list[tuple[int, str]]] = {}
        for term in Term.objects.all():
            by_kind.setdefault(term.kind, []).append((term.pk, str(term)))
        chosen: Any = self.fields["terms"]
        chosen.choices = [(kind.label, by_kind[kind]) for kind in KINDS if kind in by_kind]
        stage: Any = self.fields["stage"]
        stage.choices = [("", _("not stated")), *by_kind.get(TermKind.STAGE, [])]

    def clean_valid_until(self) -> Any:
        until = self.cleaned_data["valid_until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(
                _("Please choose a day that is still to come, or leave it empty.")
            )
        return until

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("text_de") or data.get("text_en")) and not self.errors:
            self.add_error("text_de", _("Please write the text, at least in one language."))
        return data

    def values(self) -> Values:
        """Return what was entered as JSON values."""
        data = self.cleaned_data
        until = data.get("valid_until")
        # Terms of kinds the form does not offer stay as they are.
        choices: Any = self.fields["terms"]
        offered = {pk for _label, group in choices.choices for pk, _name in group}
        kept = [pk for pk in self.start.get("terms", []) if pk not in offered]
        return {
            "text_de": data.get("text_de", ""),
            "text_en": data.get("text_en", ""),
            "terms": sorted([*data.get("terms", []), *kept]),
            "stage": data.get("stage"),
            "valid_until": until.isoformat() if until else None,
            "confidentiality": data.get("confidentiality", ""),
        }
