"""Topics, for programs."""

from rest_framework import serializers

from core.api.rows import Bilingual, Codes, PageAddress, RowSerializer
from core.api.schema import describe_codes
from core.api.views import SLUG, RowViewSet
from topics.filters import TopicFilter
from topics.models import Topic

describe_codes(
    TopicFilter,
    field="Code of an innovation field; may be repeated.",
    term="Code of a technology or theme.",
)


class TopicSerializer(RowSerializer):
    """A theme several clusters want to work on together."""

    slug = serializers.SlugField()
    title = Bilingual()
    summary = Bilingual()
    wanted = Bilingual()
    status = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.slug", allow_null=True)
    innovation_fields = Codes("innovation_fields")
    terms = Codes("terms")
    endorsed_by = Codes("endorsements", code="cluster__slug", where={"is_public": True})
    is_example = serializers.BooleanField()
    sources = serializers.JSONField()
    updated_at = serializers.DateTimeField()
    url = PageAddress("topics:topic-detail")

    class Meta:
        model = Topic


class TopicViewSet(RowViewSet):
    """Cross-cluster topics and the clusters that endorse them."""

    serializer_class = TopicSerializer
    filterset_class = TopicFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    ordering = ("slug",)
