"""The API explained to people, made from its own OpenAPI description."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView


class TokenScheme(OpenApiAuthenticationExtension):
    """Personal access tokens, as the description names them."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal access token."}


class Root(APIRootView):
    """The resources of this API and where they are."""


def problem_responses(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe errors as problem documents (RFC 9457); a hook of the schema generator."""
    result["components"]["schemas"]["Problem"] = {
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
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            known = {"400": "Something in the request is not valid.", "401": "Unknown token."}
            known["429"] = "Too many requests; Retry-After says when to come back."
            known["406"] = "The answer is JSON only."
            if "{" in path:
                known["404"] = "There is no such row, or it is not for you."
            if method not in {"get", "head"}:
                known |= {"403": "The token may only read.", "422": "A rule forbids it."}
                known["415"] = "Please send JSON."
            if method == "get" and "/changes/" not in path:
                # Reading what is public takes no sign-in.
                operation["security"] = [*operation.get("security", []), {}]
            for status, description in known.items():
                operation["responses"].setdefault(
                    status, {"description": description, "content": content}
                )
    return result


def _type_words(node: dict[str, Any]) -> str:
    if "$ref" in node:
        return str(node["$ref"].rsplit("/", 1)[1])
    if "allOf" in node:
        return _type_words(node["allOf"][0])
    words = str(node.get("format") or node.get("type") or "any")
    if node.get("type") == "array":
        words = f"[{_type_words(node.get('items', {}))}]"
    return words


def _operations(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            found.append(
                {
                    "anchor": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("description", ""),
                    "tag": (operation.get("tags") or ["other"])[0],
                    "parameters": [
                        {**parameter, "type_words": _type_words(parameter.get("schema", {}))}
                        for parameter in operation.get("parameters", [])
                    ],
                    "responses": sorted(operation["responses"].items()),
                }
            )
    return found


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


@api_view(["GET", "POST", "PUT", "PATCH", "DELETE"])
def nowhere(request: Request) -> Response:
    """Answer addresses the API does not have as it answers all errors."""
    raise Http404


@cache_control(public=True, max_age=300)
def docs(request: HttpRequest) -> HttpResponse:
    """Show every address, parameter and attribute; no script, no foreign host."""
    language = translation.get_supported_language_variant(
        translation.get_language_from_request(request), strict=False
    )
    with translation.override(language):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        context = {
            "operations": _operations(schema),
            "resources": _resources(schema),
            "base": settings.BASE_URL,
            "LANGUAGE_CODE": language,
        }
        response = render(request, "dialog/api_docs.html", context)
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
