"""What programs read of events: one class a resource."""

from typing import Any

from django.db.models import Case, F, Value, When
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clusters.choices import ClusterStatus
from core.api.rows import Bilingual, Code, Codes, PageAddress, RowField, RowSerializer
from core.choices import MailState
from events.models import Event, Invitation, MinutesItem, Question, Registration, Session
from topics.querysets import PUBLIC_STATUSES as PUBLIC_TOPICS

_PUBLIC_CLUSTER = {"status": ClusterStatus.PUBLISHED}


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


class QuestionSerializer(RowSerializer):
    """What an event asks those who register; answer it in ``POST /registrations/``."""

    id = serializers.IntegerField()
    event = serializers.CharField(source="event.slug")
    stage = serializers.CharField()
    kind = serializers.CharField()
    label = Bilingual()  # type: ignore[assignment]
    help = Bilingual()
    options_de = serializers.ListField(child=serializers.CharField())
    options_en = serializers.ListField(child=serializers.CharField())
    is_required = serializers.BooleanField()

    class Meta:
        model = Question


class RegistrationSerializer(RowSerializer):
    """A person who takes part or would like to; you read your own, staff reads all."""

    id = serializers.IntegerField()
    event = serializers.CharField(source="event.slug")
    name = serializers.CharField()
    email = serializers.CharField()
    cluster = Code("cluster", code="slug", where=_PUBLIC_CLUSTER)
    state = serializers.CharField()
    group = serializers.CharField()
    came_by = serializers.CharField(source="source")
    list_consent = serializers.BooleanField()
    expectation = serializers.CharField()
    offer_expires_at = serializers.DateTimeField(allow_null=True)
    checked_in_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    is_example = serializers.BooleanField()

    class Meta:
        model = Registration


@extend_schema_field({"type": "string", "enum": MailState.values})
class Delivery(RowField):
    """Where an invitation's mail stands."""

    def row(self, source: str) -> Any:
        # As ``InvitationQuerySet.with_delivery`` says it on the pages.
        return Case(
            When(is_example=True, then=Value(MailState.SENT.value)),
            When(queued_at=None, then=Value(MailState.QUEUED.value)),
            When(mail=None, then=Value(MailState.SENT.value)),
            default=F("mail__state"),
        )


class InvitationSerializer(RowSerializer):
    """An address invited to an event; staff only."""

    id = serializers.IntegerField()
    event = serializers.CharField(source="event.slug")
    name = serializers.CharField()
    email = serializers.CharField()
    language = serializers.CharField()
    cluster = Code("cluster", code="slug", where=_PUBLIC_CLUSTER)
    delivery = Delivery()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField(source="answer_source")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    is_example = serializers.BooleanField()

    class Meta:
        model = Invitation


class MinutesItemSerializer(RowSerializer):
    """A decision, an action or a note of published minutes, as far as you may read it."""

    id = serializers.IntegerField()
    event = serializers.CharField(source="event.slug")
    session = Code("session", code="code")
    topic = Code("topic", code="slug", where={"status__in": PUBLIC_TOPICS})
    kind = serializers.CharField()
    text = serializers.CharField()
    level = serializers.CharField()
    position = serializers.IntegerField()
    owner = Code("owner", code="slug", where=_PUBLIC_CLUSTER)
    due_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    updated_at = serializers.DateTimeField()
    url = PageAddress("events:event-detail", "event__slug")

    class Meta:
        model = MinutesItem
