"""Texts in both languages, as programs send them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class TextPair(serializers.Serializer[Any]):
    """{"de": …, "en": …}; one of them may be left out."""

    de = serializers.CharField(required=False, allow_blank=True)
    en = serializers.CharField(required=False, allow_blank=True)

    def __init__(self, *args: Any, max_length: int = 3000, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_length = max_length

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        for language, text in attrs.items():
            if len(text) > self.max_length:
                raise serializers.ValidationError(
                    {language: _("At most %(n)d characters.") % {"n": self.max_length}}
                )
        if not any(attrs.values()):
            raise serializers.ValidationError(_("Please send at least one language."))
        return attrs
