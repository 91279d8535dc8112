"""Errors outside all views: pages get their page, programs a problem document."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views import defaults

from core.api.problems import problem_response

_API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request Django could not make sense of."""
    if request.path_info.startswith(_API):
        return problem_response(400, _("This request is not valid."), "invalid")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request its sender may not make."""
    if request.path_info.startswith(_API):
        return problem_response(403, _("You may not do this."), "permission_denied")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that does not exist."""
    if request.path_info.startswith(_API):
        return problem_response(404, _("There is nothing here."), "not_found")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request we failed at; Django has logged the exception before it comes here."""
    if request.path_info.startswith(_API):
        detail = _("Something went wrong on our side. Please try again later.")
        return problem_response(500, detail, "server_error")
    return defaults.server_error(request)
