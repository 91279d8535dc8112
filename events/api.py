"""Events and their sessions, for programs."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.api.rows import Bilingual, Codes, PageAddress, RowSerializer
from core.api.schema import describe_code, describe_codes, describe_days
from core.api.views import SLUG, RowViewSet
from events.filters import EventFilter, SessionFilter
from events.models import Event, Session

describe_codes(EventFilter, field="Codes of innovation fields.")
describe_code(EventFilter, topic="Slug of a published topic.")
describe_days(
    EventFilter,
    starts_after="First day, such as 2027-01-31.",
    starts_before="Last day, such as 2027-12-31.",
)


class EventSerializer(RowSerializer):
    """An event. Read ``starts_at`` only as exactly as ``date_precision`` says."""

    slug = serializers.SlugField()
    uid = serializers.UUIDField()
    title = Bilingual()
    summary = Bilingual()
    kind = serializers.CharField()
    format = serializers.CharField()
    status = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    date_precision = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    venue = serializers.CharField()
    region = serializers.CharField()
    website = serializers.CharField()
    organisers = serializers.ListField(child=serializers.CharField())
    capacity = serializers.IntegerField(allow_null=True)
    topics = Codes("topics", code="slug", among=lambda rows: rows.published())
    terms = Codes("terms")
    clusters = Codes("clusters", code="slug", among=lambda rows: rows.published())
    innovation_fields = Codes("innovation_fields")
    is_example = serializers.BooleanField()
    sources = serializers.JSONField()
    updated_at = serializers.DateTimeField()
    url = PageAddress("events:event-detail")

    class Meta:
        model = Event


class SessionSerializer(RowSerializer):
    """A part of an event's programme."""

    id = serializers.IntegerField()
    event = serializers.CharField(source="event.slug")
    code = serializers.SlugField()
    position = serializers.IntegerField()
    part = serializers.CharField()
    run = serializers.IntegerField(allow_null=True)
    track = serializers.IntegerField(allow_null=True)
    title = Bilingual()
    summary = Bilingual()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    moderator = serializers.CharField()
    speaker = serializers.CharField()
    room = serializers.CharField()
    capacity = serializers.IntegerField(allow_null=True)
    terms = Codes("terms")
    source = serializers.CharField()  # type: ignore[assignment]
    url = PageAddress("events:event-detail", "event__slug")

    class Meta:
        model = Session


class EventViewSet(RowViewSet):
    """Events of the dialogue. Links for taking part online are not public."""

    serializer_class = EventSerializer
    filterset_class = EventFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    ordering = ("starts_at", "pk")
    time_dependent: ClassVar[frozenset[str]] = frozenset({"when"})


class SessionViewSet(RowViewSet):
    """Plenary parts, parallel workshops and breaks of the events the reader may see."""

    serializer_class = SessionSerializer
    filterset_class = SessionFilter
    ordering = ("event_id", "position", "pk")

    def visible(self) -> QuerySet[Any]:
        return Session.objects.filter(event__in=Event.objects.visible_to(self.request.user))
