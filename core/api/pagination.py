"""Pages of results."""

from rest_framework.pagination import PageNumberPagination as BasePagination


class PageNumberPagination(BasePagination):
    """Pages of 50 by default, at most 200, chosen by ``page_size``."""

    page_size_query_param = "page_size"
    max_page_size = 200
