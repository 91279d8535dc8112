"""Small HTTP helpers every app may use."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]


class PermissionsPolicyMiddleware:
    """Switch off what browsers offer and the portal never needs; passkeys stay allowed."""

    VALUE = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.VALUE)
        return response


def wants_partial(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page, not for the whole (boosted) page."""
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]


def render_page(
    request: HttpRequest,
    page: str,
    partial: str,
    context: dict[str, object],
    status: int | None = None,
) -> HttpResponse:
    """Render ``partial`` for htmx and ``page`` for everybody else, from one context."""
    template = partial if wants_partial(request) else page
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def client_address(request: HttpRequest) -> str:
    """Return the address a request comes from, as the server in front of us reports it."""
    return str(request.META.get("REMOTE_ADDR", ""))
