"""Lists straight from PostgreSQL: each row arrives as finished JSON and is passed on untouched.

A serializer's fields say what a row holds, once: the OpenAPI description is made from them, and so
is the expression PostgreSQL builds the row with. No model instance and no field object is made per
row, which is what an ordinary serializer spends its time on.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, cast

import orjson
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    F,
    Func,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat, NullIf
from django.urls import reverse
from django.utils import timezone, translation
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
        nothing = Value("")
        return JSONPart(
            de=NullIf(F(f"{source}_de"), nothing), en=NullIf(F(f"{source}_en"), nothing)
        )


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class Codes(RowField):
    """The codes of related rows, such as the innovation fields of a cluster.

    ``relation`` is a many-to-many field or the name of a reverse foreign key, ``code`` the column
    shown, ``where`` narrows the related rows by columns. ``among`` narrows them by a word of their
    queryset, such as ``published``: what a reader may not see must not show through its code.
    """

    def __init__(
        self,
        relation: str,
        *,
        code: str = "code",
        where: dict[str, Any] | None = None,
        among: Callable[[Any], QuerySet[Any]] | None = None,
    ) -> None:
        super().__init__()
        self.relation = relation
        self.code = code
        self.where = where or {}
        self.among = among

    def row(self, source: str) -> Any:
        model: type[Model] = cast("Any", self.parent).Meta.model
        field: Any = model._meta.get_field(self.relation)
        if field.many_to_many:
            table = field.remote_field.through
            owner, ahead = field.m2m_field_name(), f"{field.m2m_reverse_field_name()}__"
        else:
            table = field.related_model
            owner, ahead = field.field.name, ""
        shown = f"{ahead}{self.code}"
        rows = table._default_manager.filter(
            **{owner: OuterRef("pk")},
            **{f"{ahead}{name}": value for name, value in self.where.items()},
        )
        if self.among is not None:
            seen = self.among(field.related_model._default_manager.all())
            rows = rows.filter(**{f"{ahead}pk__in": seen.order_by().values("pk")})
        return ArraySubquery(rows.order_by(shown).values(shown))


@extend_schema_field({"type": "string", "nullable": True})
class Code(RowField):
    """The code of the one related row; ``null`` without one, or where ``where`` does not hold."""

    def __init__(self, relation: str, *, code: str, where: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.relation = relation
        self.code = code
        self.where = where or {}

    def row(self, source: str) -> Any:
        if not self.where:
            return F(f"{self.relation}__{self.code}")
        holds = {f"{self.relation}__{name}": value for name, value in self.where.items()}
        return Case(When(**holds, then=F(f"{self.relation}__{self.code}")), default=None)


@extend_schema_field({"type": "string", "format": "uri"})
class PageAddress(RowField):
    """The address of the German page people read; the language switch leads to the English one.

    ``view`` names a route with one parameter, taken from the column or path ``parameter``.
    """

    def __init__(self, view: str, parameter: str = "slug", *, anchor: str = "") -> None:
        super().__init__()
        self.view = view
        self.parameter = parameter
        self.anchor = anchor

    def row(self, source: str) -> Any:
        with translation.override("de"):
            before, after = reverse(self.view, args=["0"]).rsplit("0", 1)
        parts: list[Any] = [
            Value(settings.BASE_URL + before, output_field=TextField()),
            Cast(F(self.parameter), TextField()),
            Value(after, output_field=TextField()),
        ]
        if self.anchor:
            parts += [
                Value(f"#{self.anchor}-", output_field=TextField()),
                Cast(F("pk"), TextField()),
            ]
        return Concat(*parts, output_field=TextField())


class RowSerializer(serializers.Serializer[Any]):
    """The fields of a resource whose rows PostgreSQL builds; ``Meta.model`` names its model."""

    class Meta:
        model: ClassVar[type[Model]]

    @classmethod
    def row(cls) -> RawSQL:
        """Return the expression that builds one row of this resource today."""
        sql, params = cls._row_sql(timezone.localdate())
        return RawSQL(sql, params, output_field=TextField())  # noqa: S611

    @classmethod
    @lru_cache(maxsize=64)
    def _row_sql(cls, today: date) -> tuple[str, tuple[Any, ...]]:
        """Compile the row as a subquery of its own, which fits into any query over the model.

        Kept for a day, since it may contain today's date: compiling takes as long as the rest of
        the request. A plain queryset keeps the reader's language out of it.
        """
        pairs: dict[str, Any] = {}
        for name, field in cls().fields.items():
            source = (field.source or name).replace(".", "__")
            pairs[name] = field.row(source) if isinstance(field, RowField) else F(source)
        model = cls.Meta.model
        rows: QuerySet[Any] = QuerySet(model).filter(pk=OuterRef("pk"))
        query: Any = QuerySet(model).query
        query.get_initial_alias()
        subquery = Subquery(rows.values_list(JSONText(**pairs))).resolve_expression(query)
        sql, params = query.get_compiler("default").compile(subquery)
        return sql, tuple(params)


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
        rows = self.queryset.values_list(self.serializer.row(), flat=True)[part]
        return [orjson.Fragment(text) for text in rows]


def one_row(queryset: QuerySet[Any], serializer: type[RowSerializer]) -> orjson.Fragment | None:
    """Return the first row of ``queryset``, if there is one."""
    rows = RowList(queryset, serializer)[:1]
    return rows[0] if rows else None
