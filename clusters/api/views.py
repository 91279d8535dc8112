"""Clusters, needs, offers, their changes and the vocabularies, for programs."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import TokenScopePermission
from clusters.access import get_cluster_for_edit, get_statement_for_edit
from clusters.api.serializers import (
    ChangeSerializer,
    ClusterSerializer,
    DistrictSerializer,
    InnovationFieldSerializer,
    NeedSerializer,
    OfferSerializer,
    TermSerializer,
)
from clusters.api.writing import NewStatementInput, ProfileInput, StatementInput
from clusters.choices import ChangeTarget, ReviewState
from clusters.filters import ClusterFilter
from clusters.models import ChangeRequest, Cluster, Need, Offer
from clusters.services.changes import ask_for_change
from clusters.services.statements import archive_statement
from clusters.snapshots import Values
from clusters.statement_filters import StatementFilter, TermFilter
from core.api.rows import one_row
from core.api.schema import describe_codes
from core.api.views import NUMBER, SLUG, RowViewSet

describe_codes(
    ClusterFilter,
    field="Codes of innovation fields.",
    district="Codes of districts.",
    technology="Codes of technologies.",
    stage="Codes of value-chain stages.",
)
describe_codes(
    StatementFilter,
    term="Codes of terms other than stages.",
    stage="Codes of value-chain stages.",
)


def _asked(
    user: Any, cluster: Cluster, target: str, values: Values, entry: Need | Offer | None = None
) -> Response:
    """Ask for the change and answer with what can be followed until it is decided."""
    change = ask_for_change(user=user, cluster=cluster, target=target, values=values, entry=entry)
    return Response(one_row(ChangeRequest.objects.filter(pk=change.pk), ChangeSerializer), 202)


class ClusterViewSet(RowViewSet):
    """Clusters, networks and initiatives of North Rhine-Westphalia."""

    serializer_class = ClusterSerializer
    filterset_class = ClusterFilter
    lookup_field = "slug"
    lookup_value_regex = SLUG

    def get_queryset(self) -> QuerySet[Any]:
        clusters: Any = self.visible()
        ordered: QuerySet[Any] = clusters.by_name()
        return ordered

    @extend_schema(request=ProfileInput, responses={202: ChangeSerializer})
    def partial_update(self, request: Request, slug: str) -> Response:
        """Ask for a change of the profile; staff reviews it."""
        cluster = get_cluster_for_edit(request.user, slug)
        wished = ProfileInput(data=request.data)
        wished.is_valid(raise_exception=True)
        return _asked(request.user, cluster, ChangeTarget.PROFILE, wished.values())


class StatementViewSet(RowViewSet):
    """What needs and offers have in common; ``target`` says which of them."""

    filterset_class = StatementFilter
    ordering = ("-created_at", "-pk")
    target: ClassVar[ChangeTarget]

    @extend_schema(request=NewStatementInput, responses={202: ChangeSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a new entry; staff reviews it."""
        wished = NewStatementInput(data=request.data)
        wished.is_valid(raise_exception=True)
        cluster = get_cluster_for_edit(request.user, wished.validated_data["cluster"])
        return _asked(request.user, cluster, self.target, wished.values())

    @extend_schema(request=StatementInput, responses={202: ChangeSerializer})
    def partial_update(self, request: Request, pk: int) -> Response:
        """Ask for a change of an entry; the published one stays until staff has accepted."""
        entry = self._entry(pk)
        wished = StatementInput(data=request.data, partial=True)
        wished.is_valid(raise_exception=True)
        return _asked(request.user, entry.cluster, self.target, wished.values(), entry)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Archive an entry at once; its managers can bring it back in the portal."""
        user: Any = request.user
        archive_statement(user=user, entry=self._entry(pk))
        return Response(status=204)

    def _entry(self, pk: int) -> Need | Offer:
        """Return the entry for editing, through the same gate as the pages."""
        seen = self.visible().filter(pk=pk).values_list("cluster__slug", flat=True).first()
        return get_statement_for_edit(self.request.user, seen or "", self.target, pk)


class NeedViewSet(StatementViewSet):
    """What clusters need."""

    serializer_class = NeedSerializer
    target = ChangeTarget.NEED


class OfferViewSet(StatementViewSet):
    """What clusters offer."""

    serializer_class = OfferSerializer
    target = ChangeTarget.OFFER


class ChangeViewSet(RowViewSet):
    """Changes you or your colleagues asked for, and what staff decided."""

    serializer_class = ChangeSerializer
    permission_classes = (TokenScopePermission, IsAuthenticated)
    ordering = ("-id",)

    def visible(self) -> QuerySet[Any]:
        mine = Cluster.objects.managed_by(self.request.user)
        return ChangeRequest.objects.filter(cluster__in=mine).exclude(state=ReviewState.DRAFT)


class VocabularyViewSet(RowViewSet):
    """A vocabulary everybody may read."""

    lookup_field = "code"
    lookup_value_regex = SLUG
    ordering: ClassVar[tuple[str, ...]] = ("code",)

    def visible(self) -> QuerySet[Any]:
        return self.serializer_class.Meta.model._default_manager.all()


class InnovationFieldViewSet(VocabularyViewSet):
    """The seven innovation fields."""

    serializer_class = InnovationFieldSerializer
    ordering = ("number",)


class DistrictViewSet(VocabularyViewSet):
    """The five administrative districts."""

    serializer_class = DistrictSerializer


class TermViewSet(VocabularyViewSet):
    """Technologies, sectors, value-chain stages and the other terms."""

    serializer_class = TermSerializer
    filterset_class = TermFilter
    lookup_field = "pk"
    lookup_value_regex = NUMBER
    ordering = ("kind", "position", "code")
