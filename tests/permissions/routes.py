"""Every route of the portal, found by walking the URL configuration."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """A named route and the parameters its address takes."""

    name: str
    parameters: tuple[str, ...]


def _walk(
    patterns: list[URLPattern | URLResolver], namespace: str, parameters: tuple[str, ...]
) -> Iterator[Route]:
    for pattern in patterns:
        own = tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, parameters + own)
        elif pattern.name:
            yield Route(f"{namespace}{pattern.name}", parameters + own)
        else:
            yield Route(f"{namespace}<unnamed {pattern.pattern}>", parameters + own)


def all_routes() -> list[Route]:
    """Return all routes once each, except those of the admin, which has a gate of its own."""
    found = set(_walk(get_resolver().url_patterns, "", ()))
    return sorted(
        (route for route in found if not route.name.startswith("admin:")), key=lambda r: r.name
    )
