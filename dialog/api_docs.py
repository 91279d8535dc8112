"""The API explained to people, made from its own OpenAPI description."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.routers import APIRootView


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Personal access tokens, as the description names them."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal access token."}


class Root(APIRootView):
    """The resources of this API and where they are."""


class Generator(SchemaGenerator):
    """Writes the description in English, whoever asks: names of filters come from the pages."""

    def get_schema(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        with translation.override("en"):
            schema: dict[str, Any] = super().get_schema(*args, **kwargs)  # type: ignore[no-untyped-call]
        return schema


PROBLEM = {
    "type": "object",
    "description": "What went wrong and what to do, after RFC 9457.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "A stable word for programs."},
        "errors": {
            "type": "object",
            "additionalProperties": {},
            "description": "Messages by parameter or attribute.",
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}
ERRORS = {
    "400": "Something in the request is not valid; errors says what.",
    "401": "Who asks is not known: no token, or an unknown, revoked or expired one.",
    "403": "You may not do this, or the token may only read.",
    "404": "There is nothing here, or it is not for you; or the page is after the last one.",
    "406": "The answer is JSON only.",
    "429": "Too many requests; Retry-After says when to come back.",
}
WRITE_ERRORS = {
    "413": "The request is too long.",
    "415": "Please send JSON.",
    "422": "A rule forbids it; detail says what to do instead.",
}


def problem_responses(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe errors as problem documents (RFC 9457); a hook of the schema generator."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            is_reading = method in {"get", "head"}
            known = ERRORS if is_reading else {**ERRORS, **WRITE_ERRORS}
            if is_reading and "/changes/" not in path:
                # Reading what is public takes no sign-in.
                operation["security"] = [*operation.get("security", []), {}]
            for status, description in known.items():
                answer = {"description": description, "content": content}
                operation["responses"].setdefault(status, answer)
    return result


def _type_words(node: dict[str, Any]) -> str:
    """Say in few words what a value is."""
    if "$ref" in node:
        return str(node["$ref"].rsplit("/", 1)[1])
    for several in ("allOf", "oneOf", "anyOf"):
        if several in node and "type" not in node:
            return _type_words(node[several][0])
    if node.get("type") == "array":
        return f"list of {_type_words(node.get('items', {}))}"
    if "enum" in node:
        return " | ".join(str(value) for value in node["enum"] if value is not None)
    return str(node.get("format") or node.get("type") or "any")


def _body(operation: dict[str, Any]) -> str:
    """Return the name of the object an operation takes."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return _type_words(schema) if schema else ""


def _groups(schema: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations by resource."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            parameters = [
                {**parameter, "type_words": _type_words(parameter.get("schema", {}))}
                for parameter in operation.get("parameters", [])
            ]
            groups.setdefault((operation.get("tags") or ["other"])[0], []).append(
                {
                    "anchor": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("description", ""),
                    "parameters": parameters,
                    "body": _body(operation),
                    "responses": sorted(operation["responses"].items()),
                }
            )
    return list(groups.items())


def _resources(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "description": node.get("description", ""),
            "attributes": [
                {
                    "name": attribute,
                    "type_words": _type_words(value),
                    "description": value.get("description", ""),
                }
                for attribute, value in node.get("properties", {}).items()
            ],
        }
        for name, node in schema["components"]["schemas"].items()
        if not name.startswith("Paginated") and node.get("type") == "object"
    ]


@extend_schema(exclude=True)
@api_view(["GET", "POST", "PUT", "PATCH", "DELETE"])
def nowhere(request: Request) -> HttpResponseBase:
    """Answer addresses the API does not have as it answers all errors.

    Where only the slash at the end is missing, reading goes on at the right address.
    """
    path = request.path_info
    is_short = not path.endswith("/") and resolve(f"{path}/").url_name != "nowhere"
    if is_short and request.method in SAFE_METHODS:
        query = request.META["QUERY_STRING"]
        return HttpResponsePermanentRedirect(f"{path}/?{query}" if query else f"{path}/")
    raise Http404


@cache
def _description() -> dict[str, Any]:
    """The OpenAPI description; making it takes as long as a hundred requests."""
    generator = Generator()  # type: ignore[no-untyped-call]
    return generator.get_schema(request=None, public=True)


@require_safe
@cache_control(private=True, max_age=0)
def docs(request: HttpRequest) -> HttpResponse:
    """Show every address, parameter and attribute; no script, no foreign host.

    Programs' addresses have no language in them, so ``lang`` names that of this page.
    """
    asked = request.GET.get("lang", "")
    languages = dict(settings.LANGUAGES)
    language = asked if asked in languages else translation.get_language_from_request(request)
    here = reverse("api:docs")
    context = {
        "groups": _groups(_description()),
        "resources": _resources(_description()),
        "base": settings.BASE_URL,
        "alternates": [(code, f"{here}?lang={code}") for code in languages],
    }
    with translation.override(language):
        response = render(request, "dialog/api_docs.html", context)
    response.headers["Content-Language"] = language
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
