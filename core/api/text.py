"""Texts in both languages, as programs send them."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class TextPair(serializers.Serializer[Any]):
    """``{"de": …, "en": …}``; one of them may be left out. Subclass with :func:`text_pair`."""

    max_length: ClassVar[int] = 3000

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            language: serializers.CharField(
                required=False, allow_blank=True, max_length=self.max_length
            )
            for language in ("de", "en")
        }

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        if not any(attrs.values()):
            raise serializers.ValidationError(_("Please send at least one language."))
        return attrs


def text_pair(max_length: int) -> type[TextPair]:
    """Return the pair whose texts have at most ``max_length`` characters."""
    text = {"type": "string", "maxLength": max_length}
    some = {"type": "string", "pattern": r"\S"}
    schema = {
        "type": "object",
        "properties": {"de": text, "en": text},
        "anyOf": [
            {"required": [language], "properties": {language: some}} for language in ("de", "en")
        ],
        "description": "One language or both.",
    }
    pair = type("TextPair", (TextPair,), {"max_length": max_length, "__doc__": TextPair.__doc__})
    described: type[TextPair] = extend_schema_field(schema)(pair)
    return described
