"""The plain way: a ``ModelSerializer`` over the same models, prefetched as one should."""

from __future__ import annotations

from typing import Any

from django.urls import include, path
from rest_framework import pagination, renderers, routers, serializers, viewsets

from clusters.models import Cluster, InnovationField, LabelAward, Term
from dialog.urls import urlpatterns as portal_patterns


class Field(serializers.ModelSerializer[InnovationField]):
    class Meta:
        model = InnovationField
        fields = ("code",)


class TermOfCluster(serializers.ModelSerializer[Term]):
    class Meta:
        model = Term
        fields = ("kind", "code")


class Label(serializers.ModelSerializer[LabelAward]):
    class Meta:
        model = LabelAward
        fields = ("level",)


class Plain(serializers.ModelSerializer[Cluster]):
    """The attributes our list has, written the ordinary way."""

    innovation_fields = Field(many=True)
    terms = TermOfCluster(many=True)
    labels = Label(many=True)
    district = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Cluster
        fields = (
            "slug",
            "name",
            "full_name_de",
            "full_name_en",
            "kind",
            "activity",
            "activity_note_de",
            "activity_note_en",
            "profile_de",
            "profile_en",
            "city",
            "district",
            "location_status",
            "latitude",
            "longitude",
            "founded_year",
            "website",
            "carrier",
            "members_count",
            "members_year",
            "in_alliance",
            "innovation_fields",
            "terms",
            "labels",
            "is_example",
            "sources",
            "updated_at",
        )


class Pages(pagination.PageNumberPagination):
    page_size_query_param = "page_size"


class PlainViewSet(viewsets.ReadOnlyModelViewSet[Cluster]):
    """A list as the tutorial writes it, and no queries per row."""

    serializer_class = Plain
    pagination_class = Pages
    renderer_classes = (renderers.JSONRenderer,)
    filter_backends = ()

    def get_queryset(self) -> Any:
        return (
            Cluster.objects.published()
            .select_related("district")
            .prefetch_related("innovation_fields", "terms", "labels")
            .order_by("name", "pk")
        )


router = routers.SimpleRouter()
router.register("plain", PlainViewSet, "plain")
urlpatterns = [path("", include(router.urls)), *portal_patterns]
