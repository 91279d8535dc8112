"""Weights as people enter them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clusters.forms.versioned import VersionedForm
from matching.engine.reasons import PART_LABELS
from matching.models import WeightsDraft
from matching.office.weighing import PARTS, scale_to_one, sums_to_one, total
from matching.services.weights import draft_version
from matching.suggesting.cards import in_language

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")


class WeightField(forms.FloatField):
    """A number from 0 to 1; a comma or a point before the thousandths, in either language."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "size": 6, "autocomplete": "off"})
        super().__init__(widget=widget, localize=True, **options)
        self.widget.attrs.pop("step", None)

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]
        """Return the number in thousandths.

        :raises ValidationError: for anything that is no plain number from 0 to 1.
        """
        text = str(value or "").strip() if value != 0 else "0"
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValidationError(
                _("Please enter a number, for example %(example)s."),
                code="invalid",
                params={"example": _("0.15")},
            )
        number = float(text.replace(",", "."))
        if number < 0:
            raise ValidationError(_("A weight cannot be negative."), code="negative")
        if number > 1:
            raise ValidationError(_("A weight cannot be above 1."), code="above")
        return round(number, 3)


class WeightsForm(VersionedForm):
    """The six weights of a draft, and why they change.

    With ``scaling`` the sum is not checked: :meth:`scaled` is shown instead.
    """

    note = forms.CharField(
        label=_("Why"),
        help_text=_("Stands in the change log, for instance what staff or clusters have noticed."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    field_order = ("version", *PARTS, "note")

    def __init__(
        self, data: Any = None, *, draft: WeightsDraft, scaling: bool = False, **options: Any
    ) -> None:
        initial = {
            **draft.values_by_part(),
            "note": draft.note,
            "version": draft_version(draft),
        }
        super().__init__(data, initial=initial, **options)
        self.scaling = scaling
        for part in PARTS:
            self.fields[part] = WeightField(label=in_language(PART_LABELS[part]))
        self.order_fields(self.field_order)
        if scaling:
            self.fields["note"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.is_complete(cleaned):
            return cleaned
        if self.scaling:
            if not any(cleaned[part] for part in PARTS):
                raise ValidationError(
                    _("At least one weight must be above 0 to be scaled."), code="nothing"
                )
        elif not sums_to_one(cleaned):
            raise ValidationError(
                _(
                    "The weights add up to %(sum)s instead of 1. Change one, or press “Scale to 1”:"
                    " it keeps their proportions."
                ),
                code="sum",
                params={"sum": self.sum_in_words(cleaned)},
            )
        return cleaned

    @staticmethod
    def is_complete(values: Any) -> bool:
        """Tell whether all six numbers are there."""
        return all(values.get(part) is not None for part in PARTS)

    @staticmethod
    def sum_in_words(values: Any) -> str:
        """Return the sum as the reader's language writes it."""
        from django.utils.formats import number_format

        return str(number_format(total(values), 3))

    def weights(self) -> dict[str, float]:
        """The six numbers."""
        return {part: self.cleaned_data[part] for part in PARTS}

    def scaled(self, draft: WeightsDraft) -> "WeightsForm":
        """Return the form with the same proportions and the sum 1; nothing is stored yet."""
        data = {
            **scale_to_one(self.weights()),
            "note": self.cleaned_data.get("note", ""),
            "version": self.cleaned_data.get("version", ""),
        }
        shown = WeightsForm(draft=draft)
        shown.initial = data
        return shown

    def part_fields(self) -> list[forms.BoundField]:
        """The fields of the weights, without the reason."""
        return [self[part] for part in PARTS]

    @property
    def shown_sum(self) -> float | None:
        """The sum of what the fields show; None while one of them is no number."""
        source: Any = self.cleaned_data if self.is_bound and self.is_valid() else None
        if source is None and self.is_bound:
            source = getattr(self, "cleaned_data", {})
        values = source if source is not None else self.initial
        return total(values) if self.is_complete(values) else None
