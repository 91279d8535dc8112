"""Errors as problem documents (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def problem(
    status: int, detail: str, code: str, errors: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the members of a problem document; ``errors`` are messages by attribute."""
    members: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        members["errors"] = errors
    return members


def problem_response(status: int, detail: str, code: str) -> HttpResponse:
    """Return a problem document for errors that happen outside the views of the API."""
    body = orjson.dumps(problem(status, str(detail), code))
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE)


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into a problem document; unknown ones stay exceptions."""
    if isinstance(error, DomainError):
        set_rollback()
        errors = {error.field: [error.message]} if error.field else {}
        members = problem(422, str(error.message), error.code, errors)
        return Response(members, status=422, content_type=CONTENT_TYPE)
    response = exception_handler(error, context)
    if response is not None:
        response.data = problem(response.status_code, *_reason(error))
        response.content_type = CONTENT_TYPE
    return response


def _reason(error: Exception) -> tuple[str, str, dict[str, Any]]:
    """Return what to say: a sentence, a word for programs and messages by attribute."""
    if isinstance(error, Http404):
        return _("There is nothing here, or it is not for you."), "not_found", {}
    if isinstance(error, PermissionDenied):
        return _("You may see this, but not change it."), "permission_denied", {}
    if isinstance(error, exceptions.ValidationError):
        detail: Any = error.detail
        errors = detail if isinstance(detail, dict) else {"non_field_errors": detail}
        return _("Some values are not valid; see errors."), "invalid", errors
    if isinstance(error, exceptions.APIException):
        return str(error.detail), str(getattr(error.detail, "code", error.default_code)), {}
    raise TypeError(f"{type(error).__name__} has no problem document.")
