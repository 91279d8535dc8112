"""What programs may ask for: the same values as the forms, with codes instead of keys."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from clusters.models import InnovationField
from core.api.codes import CodesField
from core.api.text import text_pair
from events.choices import EventFormat, EventKind
from events.models import Event


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "An exchange on site",
            value={
                "cluster": "alpha",
                "title": {"de": "Austausch zu Sensorik", "en": "Exchange on sensors"},
                "summary": {"de": "Was in der Fertigung gemessen wird und was fehlt."},
                "kind": "exchange",
                "format": "on_site",
                "starts_at": "2027-05-26T14:00:00+02:00",
                "ends_at": "2027-05-26T16:00:00+02:00",
                "city": "Essen",
            },
            request_only=True,
        )
    ]
)
class EventProposalInput(serializers.Serializer[Any]):
    """An event a cluster would like to hold; staff decides about it."""

    cluster = serializers.SlugField(max_length=100)
    title = text_pair(200)()
    summary = text_pair(5000)(required=False)
    kind = serializers.ChoiceField(choices=EventKind.choices)
    format = serializers.ChoiceField(choices=EventFormat.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(required=False, allow_null=True)
    city = serializers.CharField(max_length=80, required=False, allow_blank=True)
    venue = serializers.CharField(max_length=200, required=False, allow_blank=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)
    innovation_fields = CodesField(InnovationField.objects.all(), required=False)

    _PLAIN: ClassVar[tuple[str, ...]] = ("kind", "format", "city", "venue", "website")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        end = attrs.get("ends_at")
        if end and end < attrs["starts_at"]:
            message = _("The event ends before it begins. Please check both dates.")
            raise serializers.ValidationError({"ends_at": [message]})
        return attrs

    def event(self) -> Event:
        """Return the event as it was asked for, not stored yet."""
        data = self.validated_data
        texts = {
            f"{name}_{language}": data.get(name, {}).get(language, "")
            for name in ("title", "summary")
            for language in ("de", "en")
        }
        plain = {name: data[name] for name in self._PLAIN if name in data}
        return Event(**texts, **plain, starts_at=data["starts_at"], ends_at=data.get("ends_at"))
