"""Topics, for programs."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.rows import one_row
from core.api.schema import CODE, describe_code, describe_codes
from core.api.views import SLUG, RowViewSet
from topics import access, services
from topics.api.serializers import TopicSerializer
from topics.api.writing import EndorsementInput, ProposalInput
from topics.filters import TopicFilter
from topics.models import Topic

describe_codes(TopicFilter, field="Codes of innovation fields.")
describe_code(TopicFilter, term="Code of a technology, theme or service.")
CLUSTER = OpenApiParameter("cluster", CODE, "path", description="The cluster whose voice it is.")


class TopicViewSet(RowViewSet):
    """Cross-cluster topics and the clusters that endorse them."""

    serializer_class = TopicSerializer
    filterset_class = TopicFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG
    ordering = ("slug",)

    @extend_schema(request=ProposalInput, responses={201: TopicSerializer})
    @transaction.atomic
    def create(self, request: Request) -> Response:
        """Propose a topic in the name of a cluster; staff decides about it."""
        wished = ProposalInput(data=request.data)
        wished.is_valid(raise_exception=True)
        user: Any = request.user
        cluster = access.get_cluster_for_propose(user, wished.validated_data["cluster"])
        draft = services.save_proposal(user=user, cluster=cluster, **wished.values())
        topic = services.submit_proposal(user=user, topic=draft)
        return self._row(topic, 201)

    @extend_schema(
        methods=["PUT"],
        parameters=[CLUSTER],
        request=EndorsementInput,
        responses={200: TopicSerializer},
        description="Give the voice of a cluster to a topic, or change what it says.",
    )
    @extend_schema(
        methods=["DELETE"],
        parameters=[CLUSTER],
        responses={204: None},
        description="Take the voice of a cluster back; without one nothing happens.",
    )
    @action(["put", "delete"], detail=True, url_path=f"endorsements/(?P<cluster>{SLUG})")
    def endorsement(self, request: Request, slug: str, cluster: str) -> Response:
        """Give the voice of a cluster to a topic, or take it back."""
        user: Any = request.user
        topic, _clusters = access.get_topic_for_endorse(user, slug)
        voice = access.get_cluster_for_propose(user, cluster)
        if request.method == "DELETE":
            services.withdraw_endorsement(user=user, topic=topic, cluster=voice)
            return Response(status=204)
        wished = EndorsementInput(data=request.data)
        wished.is_valid(raise_exception=True)
        services.endorse_topic(user=user, topic=topic, cluster=voice, **wished.validated_data)
        return self._row(topic, 200)

    def _row(self, topic: Topic, status: int) -> Response:
        return Response(one_row(Topic.objects.filter(pk=topic.pk), TopicSerializer), status)
