"""Words for the OpenAPI description where the generator cannot guess."""

from typing import Any

from drf_spectacular.utils import extend_schema_field

CODE = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[-a-zA-Z0-9_]+$"}


def describe_codes(filterset: Any, **descriptions: str) -> None:
    """Say that these filters take codes of a vocabulary, may be repeated, and what they mean."""
    for name, description in descriptions.items():
        schema = {"type": "array", "items": CODE, "description": description}
        extend_schema_field(schema)(filterset.base_filters[name])


def describe_code(filterset: Any, **descriptions: str) -> None:
    """Say that these filters take one code of a vocabulary, and what it means."""
    for name, description in descriptions.items():
        # Empty means "not chosen".
        schema = {"type": "string", "pattern": "^[-a-zA-Z0-9_]*$", "description": description}
        extend_schema_field(schema)(filterset.base_filters[name])


def describe_days(filterset: Any, **descriptions: str) -> None:
    """Say that these filters take a day, and what it means."""
    day = [{"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}]
    for name, description in descriptions.items():
        schema = {"anyOf": day, "description": description}
        extend_schema_field(schema)(filterset.base_filters[name])
