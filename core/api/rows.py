"""Lists straight from PostgreSQL: each row arrives as finished JSON and is passed on untouched.

A serializer's fields say what a row holds, once: the OpenAPI description is made from them, and so
is the expression PostgreSQL builds the row with. No model instance and no field object is made per
row, which is what an ordinary serializer spends its time on.
"""

from typing import Any, ClassVar, cast

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, Model, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class JSONText(Func):
    """``json_build_object`` as text: keys keep their order, nothing is parsed on the way."""

    function = "JSON_BUILD_OBJECT"
    template = "%(function)s(%(expressions)s)::text"
    output_field = TextField()

    def __init__(self, **pairs: Any) -> None:
        super().__init__(*_alternate(pairs))


class JSONPart(Func):
    """``json_build_object`` inside another one."""

    function = "JSON_BUILD_OBJECT"
    output_field = TextField()

    def __init__(self, **pairs: Any) -> None:
        super().__init__(*_alternate(pairs))


def _alternate(pairs: dict[str, Any]) -> list[Any]:
    return [part for name, value in pairs.items() for part in (Value(name), value)]


class RowField(serializers.Field[Any, Any, Any, Any]):
    """A field PostgreSQL computes; ``row(source)`` gives its expression."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def row(self, source: str) -> Any:
        """Return the expression for this field, whose column or path is ``source``."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is computed.")

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "de": {"type": "string", "nullable": True},
            "en": {"type": "string", "nullable": True},
        },
        "required": ["de", "en"],
    }
)
class Bilingual(RowField):
    """Both languages of a translated field; ``null`` where there is no translation."""

    def row(self, source: str) -> Any:
        return JSONPart(de=F(f"{source}_de"), en=F(f"{source}_en"))


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Codes(RowField):
    """The codes of related rows, such as the innovation fields of a cluster."""

    def __init__(self, path: str, *, code: str = "code", **options: Any) -> None:
        super().__init__(**options)
        self.path = path
        self.code = code

    def row(self, source: str) -> Any:
        model: type[Model] = cast("Any", self.parent).Meta.model
        related = f"{self.path}__{self.code}"
        rows = (
            cast("Any", model)
            ._default_manager.filter(pk=OuterRef("pk"), **{f"{self.path}__isnull": False})
            .order_by(related)
            .values(related)
        )
        return ArraySubquery(rows)


@extend_schema_field({"type": "string", "format": "uri"})
class PageAddress(RowField):
    """The address of the page people read, in German; the English one is beside it."""

    def __init__(self, before: str, path: str = "slug", **options: Any) -> None:
        super().__init__(**options)
        self.before = before
        self.path = path

    def row(self, source: str) -> Any:
        return Concat(Value(self.before), Cast(F(self.path), TextField()), Value("/"))


class RowSerializer(serializers.Serializer[Any]):
    """The fields of a resource whose rows PostgreSQL builds; ``Meta.model`` names its model."""

    class Meta:
        model: ClassVar[type[Model]]

    @classmethod
    def row_expression(cls) -> JSONText:
        """Return the expression that builds one row of this resource."""
        pairs: dict[str, Any] = {}
        for name, field in cls().fields.items():
            source = (field.source or name).replace(".", "__")
            pairs[name] = field.row(source) if isinstance(field, RowField) else F(source)
        return JSONText(**pairs)


class RowList:
    """The rows of a queryset as JSON fragments: sliceable and countable, so it can be paged."""

    ordered = True

    def __init__(self, queryset: QuerySet[Any], serializer: type[RowSerializer]) -> None:
        self.queryset = queryset
        self.serializer = serializer

    def count(self) -> int:
        """Return how many rows there are, in one query."""
        return self.queryset.order_by().count()

    def __getitem__(self, part: slice) -> list[orjson.Fragment]:
        rows = self.queryset.values_list(self.serializer.row_expression(), flat=True)[part]
        return [orjson.Fragment(text) for text in rows]
