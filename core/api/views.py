"""The base of all resources: gate, filter, page, rows; and the ETag of public answers."""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import Http404
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework import viewsets
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.rows import RowList, RowSerializer, one_row
from core.http import is_public, keep_public, public_etag

# What may stand in an address: anything else is 404 before it reaches the database.
NUMBER = "[0-9]{1,18}"
SLUG = "[-a-zA-Z0-9_]{1,100}"


class RowViewSet(viewsets.GenericViewSet[Any]):
    """List and detail of a resource, behind the queryset ``visible_to(user)``.

    ``lookup_field`` finds one row; ``time_dependent`` names filters whose answer changes without
    the data changing, which therefore carry no ETag.
    """

    serializer_class: type[RowSerializer]
    time_dependent: ClassVar[frozenset[str]] = frozenset()
    lookup_value_regex = NUMBER
    ordering: ClassVar[tuple[str, ...]] = ("pk",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what nobody may do here before asking who it is that may not do it."""
        method = request.method or ""
        if not hasattr(self, method.lower()):
            raise MethodNotAllowed(method)
        super().initial(request, *args, **kwargs)

    def visible(self) -> QuerySet[Any]:
        """Return the rows this request's person may see."""
        model: Any = self.serializer_class.Meta.model
        queryset: QuerySet[Any] = model.objects.visible_to(self.request.user)
        return queryset

    def get_queryset(self) -> QuerySet[Any]:
        return self.visible().order_by(*self.ordering)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of rows."""
        etag = public_etag() if self._may_be_kept(request) else ""
        queryset = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(cast("Any", RowList(queryset, self.serializer_class)))
        return self._finish(self.get_paginated_response(page), etag)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one row."""
        etag = public_etag() if self._may_be_kept(request) else ""
        key = kwargs[self.lookup_url_kwarg or self.lookup_field]
        found = self.visible().filter(**{self.lookup_field: key})
        row = one_row(found, self.serializer_class)
        if row is None:
            raise Http404
        return self._finish(Response(row), etag)

    def _may_be_kept(self, request: Request) -> bool:
        return is_public(request) and not self.time_dependent.intersection(request.query_params)

    def _finish(self, response: Response, etag: str) -> Response:
        if etag:
            response.headers["ETag"] = etag
            keep_public(response)
        else:
            patch_vary_headers(response, ["Authorization", "Cookie"])
            patch_cache_control(response, private=True, no_store=True)
        return response
