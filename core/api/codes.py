"""Rows of a vocabulary, named by their codes."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.schema import CODE

MANY = 100
"""As many codes one request may name in one attribute."""


class _Slug(serializers.SlugField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100, **options)


@extend_schema_field({**CODE, "description": "A code of the vocabulary."})
class CodeField(_Slug):
    """One row of a vocabulary by its code; an unknown code is an error."""

    def __init__(self, queryset: QuerySet[Any], **options: Any) -> None:
        super().__init__(**options)
        self.queryset = queryset

    def to_internal_value(self, data: Any) -> Any:
        code = super().to_internal_value(data)
        return _rows(self.queryset, [code])[0]


@extend_schema_field({"type": "array", "maxItems": MANY, "items": CODE})
class CodesField(serializers.ListField):
    """Rows of a vocabulary by their codes, found in one query."""

    def __init__(self, queryset: QuerySet[Any], **options: Any) -> None:
        super().__init__(child=_Slug(), max_length=MANY, **options)
        self.queryset = queryset

    def run_child_validation(self, data: Any) -> list[Model]:
        return _rows(self.queryset, super().run_child_validation(data))


def _rows(queryset: QuerySet[Any], codes: list[str]) -> list[Any]:
    found = {row.code: row for row in queryset.filter(code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        message = _("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)}
        raise serializers.ValidationError(message, code="does_not_exist")
    return [found[code] for code in dict.fromkeys(codes)]
