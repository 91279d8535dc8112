"""Staff must have a second factor; who signs out leaves nothing behind."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import needs_second_factor

# Names without a namespace that begin like this are allauth's pages: sign-in, sign-out, set-up.
_OPEN = ("account_", "mfa_", "usersessions_")


class StaffSecondFactorMiddleware:
    """Lead staff without a second factor to its set-up; in demo mode a banner says they may pass.

    Programs that come with the session of such a person get a problem document instead of a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or ((match.url_name or "").startswith(_OPEN) and not match.namespace):
            return None
        if match.view_name in {"healthz", "readyz", "core:unsubscribe"}:
            return None
        if not needs_second_factor(request.user):
            return None
        text = _("Please set up a second factor first; staff accounts need one.")
        if match.namespaces[:1] == ["api"]:
            problem = {
                "type": "about:blank",
                "title": "Forbidden",
                "status": 403,
                "detail": text,
                "code": "second_factor_required",
            }
            return JsonResponse(problem, status=403, content_type="application/problem+json")
        messages.warning(request, text)
        return redirect("mfa_index")


class SignOutMiddleware:
    """Make the browser forget what pages have kept on the device, such as lists for check-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match and match.view_name == "account_logout" and response.status_code == 302:
            response.headers["Clear-Site-Data"] = '"storage"'
        return response
