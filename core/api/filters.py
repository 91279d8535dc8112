"""Filters as programs send them: nothing misspelt passes silently."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import BooleanFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

PAGING = frozenset({"page", "page_size"})


class FilterBackend(DjangoFilterBackend):
    """The filters of the pages, with the same names and meanings.

    An unknown parameter is an error: a misspelt filter would otherwise return everything. An
    empty value means "not chosen", as it does when a form sends it.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        chosen = request.query_params.keys() - PAGING
        # Building the form of a filter nobody uses costs more than the query.
        if not chosen:
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        message = _("There is no such parameter. Known: %(names)s.")
        names = {"names": ", ".join(sorted(known | PAGING))}
        wrong = {name: [message % names] for name in sorted(chosen - known)}
        for name in chosen & known:
            # The form behind the filter takes any other word for "not chosen".
            is_switch = isinstance(filterset_class.base_filters[name], BooleanFilter)
            if is_switch and request.query_params[name] not in {"", "true", "false"}:
                wrong[name] = [_("Please send true or false.")]
        if wrong:
            raise ValidationError(wrong)
        return super().filter_queryset(request, queryset, view)

    def get_filterset_kwargs(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> dict[str, Any]:
        options: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        options["data"] = data = request.query_params.copy()
        for name, values in request.query_params.lists():
            data.setlist(name, [value for value in values if value])
        return options
