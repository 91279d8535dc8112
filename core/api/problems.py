"""Errors as problem documents (RFC 9457)."""

from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import DomainError


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into a problem document (RFC 9457); unknown ones stay exceptions."""
    if isinstance(error, DomainError):
        set_rollback()
        status, detail, code = 422, error.message, error.code
        errors: Any = {error.field: [error.message]} if error.field else {}
        response = Response(status=status)
    else:
        handled = exception_handler(error, context)
        if handled is None:
            return None
        response = handled
        status = response.status_code
        errors = {}
        detail, code = "", "invalid"
        if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
            errors, detail = error.detail, "Some values are not valid; see errors."
        elif isinstance(error, exceptions.APIException):
            detail = str(error.detail)
            code = str(getattr(error.detail, "code", code))
        else:
            detail, code = ("Not found.", "not_found") if status == 404 else (str(error), "denied")
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": response.status_text,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        problem["errors"] = errors
    response.data = problem
    response.content_type = "application/problem+json"
    return response
