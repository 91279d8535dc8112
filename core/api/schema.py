"""Words for the OpenAPI description where the generator cannot guess."""

from typing import Any

from drf_spectacular.utils import extend_schema_field


def describe_codes(filterset: Any, **descriptions: str) -> None:
    """Say that these filters take codes of a vocabulary, and what they mean."""
    for name, description in descriptions.items():
        schema = {"type": "string", "description": description}
        extend_schema_field(schema)(filterset.base_filters[name])
