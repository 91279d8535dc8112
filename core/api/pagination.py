"""Pages of results."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination as BasePagination
from rest_framework.request import Request

# More digits are no page anybody has, only work for whoever reads the number.
_DIGITS = 9


class PageNumberPagination(BasePagination):
    """Pages of 50 by default, at most 200, chosen by ``page_size``.

    A page or size that is none is an error (400), not a silent default; a page after the last one
    is 404.
    """

    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int | None:
        return _number(request, "page_size", self.page_size, self.max_page_size)

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return _number(request, "page", 1, 10**_DIGITS) or 1

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        sizes = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": 50}
        pages = {"type": "integer", "minimum": 1, "maximum": 10**_DIGITS - 1, "default": 1}
        return [
            _parameter("page", _("Which page of the results."), pages),
            _parameter("page_size", _("How many results a page has."), sizes),
        ]


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    place = {"name": name, "required": False, "in": "query"}
    return {**place, "description": description, "schema": schema}


def _number(request: Request, name: str, default: int | None, limit: int) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return default
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    if is_number and 1 <= int(text) <= limit:
        return int(text)
    message = _("Please send a whole number from 1 to %(limit)d.") % {"limit": limit}
    raise ValidationError({name: [message]})
