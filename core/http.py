"""Small HTTP helpers every app may use."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags

from core import versions

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
    """Tell whether htmx asks for a part of the page, not for the whole.

    Boosted links and the browser's way back (``HX-History-Restore-Request``) need the whole page.
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


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
    """Return the address a request comes from, as the outermost server of ours reports it."""
    reported = [part for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part]
    if settings.TRUSTED_PROXIES and len(reported) >= settings.TRUSTED_PROXIES:
        return str(reported[-settings.TRUSTED_PROXIES].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def public_etag() -> str:
    """Return the ETag of every public API answer of today.

    It moves with the data version and, since entries run out, with the day.
    """
    return f'"{versions.current()}-{timezone.localdate():%Y%m%d}"'


def is_public(request: HttpRequest) -> bool:
    """Tell whether the answer depends on nobody: neither token nor session came along."""
    return (
        "HTTP_AUTHORIZATION" not in request.META
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )


def keep_public(response: HttpResponseBase) -> None:
    """Let caches keep an answer that depends on nobody, if they ask each time."""
    patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
    patch_cache_control(response, public=True, no_cache=True)


class NotModifiedMiddleware:
    """Answer ``If-None-Match`` for public API answers before anything else is looked at.

    Only answers that depend on nobody carry the ETag compared here, and it is the same for all of
    them (:func:`public_etag`), so one small query decides.
    """

    PREFIX = "/api/v1/"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.META.get("HTTP_IF_NONE_MATCH", "")
        if (
            known
            and request.method in {"GET", "HEAD"}
            and request.path_info.startswith(self.PREFIX)
            and is_public(request)
            and (etag := public_etag()) in parse_etags(known)
        ):
            response = HttpResponseNotModified(headers={"ETag": etag})
            keep_public(response)
            return response
        return self.get_response(request)
