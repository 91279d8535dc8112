"""What programs may ask for: the same values as the forms, with codes instead of keys."""

from typing import Any

from rest_framework import serializers

from clusters.choices import Confidentiality, TermKind
from clusters.models import District, InnovationField, Term
from clusters.snapshots import Values
from core.api.codes import CodeField, CodesField
from core.api.text import text_pair


def _of_kind(kind: TermKind) -> Any:
    return CodesField(Term.objects.filter(kind=kind), required=False)


def _keys(rows: list[Any]) -> list[int]:
    return sorted(row.pk for row in rows)


class StatementInput(serializers.Serializer[Any]):
    """A need or an offer as its cluster words it."""

    text = text_pair(1500)()
    terms = CodesField(Term.objects.exclude(kind=TermKind.STAGE), required=False)
    stage = CodeField(Term.objects.filter(kind=TermKind.STAGE), required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)
    confidentiality = serializers.ChoiceField(choices=Confidentiality.choices, required=False)

    def values(self) -> Values:
        """Return what was sent, as a draft holds it; what was not sent is not in it."""
        data, values = self.validated_data, {}
        for language, text in data.get("text", {}).items():
            values[f"text_{language}"] = text
        if "terms" in data:
            values["terms"] = _keys(data["terms"])
        if "stage" in data:
            values["stage"] = data["stage"].pk if data["stage"] else None
        if "valid_until" in data:
            until = data["valid_until"]
            values["valid_until"] = until.isoformat() if until else None
        if "confidentiality" in data:
            values["confidentiality"] = data["confidentiality"]
        return values


class NewStatementInput(StatementInput):
    """A new need or offer, and whose it is."""

    cluster = serializers.SlugField(max_length=100)
    confidentiality = serializers.ChoiceField(choices=Confidentiality.choices)


class ProfileInput(serializers.Serializer[Any]):
    """The parts of a profile its cluster may change; send only what changes."""

    full_name = text_pair(250)(required=False)
    profile = text_pair(5000)(required=False)
    city = serializers.CharField(max_length=80, required=False, allow_blank=True)
    district = CodeField(District.objects.all(), required=False, allow_null=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)
    carrier = serializers.CharField(max_length=250, required=False, allow_blank=True)
    founded_year = serializers.IntegerField(
        min_value=1800, max_value=2100, required=False, allow_null=True
    )
    members_count = serializers.IntegerField(
        min_value=0, max_value=1_000_000, required=False, allow_null=True
    )
    members_year = serializers.IntegerField(
        min_value=1800, max_value=2100, required=False, allow_null=True
    )
    may_be_suggested = serializers.BooleanField(required=False)
    innovation_fields = CodesField(InnovationField.objects.all(), required=False)
    technologies = _of_kind(TermKind.TECHNOLOGY)
    stages = _of_kind(TermKind.STAGE)
    sectors = _of_kind(TermKind.SECTOR)
    ecosystems = _of_kind(TermKind.ECOSYSTEM)

    KINDS = (
        ("technologies", TermKind.TECHNOLOGY),
        ("stages", TermKind.STAGE),
        ("sectors", TermKind.SECTOR),
        ("ecosystems", TermKind.ECOSYSTEM),
    )
    PLAIN = (
        "city",
        "website",
        "carrier",
        "founded_year",
        "members_count",
        "members_year",
        "may_be_suggested",
    )

    def values(self) -> Values:
        """Return what was sent, as a draft holds it; what was not sent is not in it."""
        data = self.validated_data
        values: Values = {name: data[name] for name in self.PLAIN if name in data}
        for name in ("full_name", "profile"):
            for language, text in data.get(name, {}).items():
                values[f"{name}_{language}"] = text
        if "district" in data:
            values["district"] = data["district"].pk if data["district"] else None
        if "innovation_fields" in data:
            values["innovation_fields"] = _keys(data["innovation_fields"])
        for name, kind in self.KINDS:
            if name in data:
                values[f"terms_{kind.value}"] = _keys(data[name])
        return values
