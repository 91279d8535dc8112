"""Staff must have a second factor before they can do anything that is not public."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _


class StaffSecondFactorMiddleware:
    """Lead staff without a second factor to its set-up; in demo mode they pass, a banner says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if settings.DEMO or not request.user.is_authenticated or not request.user.is_staff:
            return None
        match = request.resolver_match
        name = (match.url_name or "") if match else ""
        if name.startswith(("account_", "mfa_", "usersessions_")) or name in {"set_language"}:
            return None
        if is_mfa_enabled(request.user):
            return None
        messages.warning(
            request, _("Please set up a second factor first; staff accounts need one.")
        )
        return redirect("mfa_index")
