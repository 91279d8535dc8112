"""What programs see of topics."""

from django.contrib.auth.models import AnonymousUser
from rest_framework import serializers

from clusters.choices import ClusterStatus
from core.api.rows import Bilingual, Code, Codes, PageAddress, RowSerializer
from topics.models import Topic


class TopicSerializer(RowSerializer):
    """A theme several clusters want to work on together.

    ``endorsed_by`` are the clusters whose voice is public, whoever asks.
    """

    slug = serializers.SlugField()
    title = Bilingual()
    summary = Bilingual()
    wanted = Bilingual()
    status = serializers.CharField()
    proposed_by = Code("proposed_by", code="slug", where={"status": ClusterStatus.PUBLISHED})
    innovation_fields = Codes("innovation_fields")
    terms = Codes("terms")
    endorsed_by = Codes(
        "endorsements",
        code="cluster__slug",
        among=lambda endorsements: endorsements.visible_to(AnonymousUser()),
    )
    is_example = serializers.BooleanField()
    sources = serializers.JSONField()
    updated_at = serializers.DateTimeField()
    url = PageAddress("topics:topic-detail")

    class Meta:
        model = Topic
