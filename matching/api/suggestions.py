"""Suggested partners, for programs: what the page shows, in both languages."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import TokenScopePermission
from core.api.schema import describe_code
from matching import access
from matching.choices import Audience, ListKind, PartLevel
from matching.filters import SuggestionFilter
from matching.models import Suggestion
from matching.suggesting.cards import Disclosed, disclose

describe_code(SuggestionFilter, cluster="Code of a cluster whose lists you may see.")


class SentenceSerializer(serializers.Serializer[Any]):
    """A sentence in both languages."""

    de = serializers.CharField()
    en = serializers.CharField()


class ReasonSerializer(SentenceSerializer):
    """A sentence that speaks for the pair."""

    is_example = serializers.BooleanField(help_text="Rests on made-up entries.")


class PartSerializer(serializers.Serializer[Any]):
    """One part of the score, in both directions."""

    part = serializers.CharField()
    weight = serializers.FloatField()
    level_forward = serializers.ChoiceField(PartLevel.choices)
    level_backward = serializers.ChoiceField(PartLevel.choices)
    forward = serializers.FloatField(allow_null=True, help_text="A figure in [0,1], for staff.")
    backward = serializers.FloatField(allow_null=True, help_text="A figure in [0,1], for staff.")


class SuggestionSerializer(serializers.Serializer[Any]):
    """``partner`` suggested to ``cluster``, with what speaks for and against it."""

    cluster = serializers.SlugField()
    partner = serializers.SlugField()
    kind = serializers.ChoiceField(ListKind.choices)
    rank = serializers.IntegerField()
    reasons = ReasonSerializer(many=True)
    counter_reasons = SentenceSerializer(many=True)
    parts = PartSerializer(many=True)
    score = serializers.FloatField(allow_null=True, help_text="For staff.")
    weights_version = serializers.IntegerField()
    inputs_hash = serializers.CharField()
    computed_at = serializers.DateTimeField()
    round_completed_at = serializers.DateTimeField()
    url = serializers.URLField(help_text="The page with the lists of the cluster.")


class SuggestionViewSet(viewsets.GenericViewSet[Suggestion]):
    """Suggested partners of your clusters; for staff, the lists of the office for all clusters."""

    serializer_class = SuggestionSerializer
    filterset_class = SuggestionFilter
    permission_classes = (TokenScopePermission, IsAuthenticated)
    queryset = Suggestion.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what nobody may do here before asking who it is that may not do it."""
        method = request.method or ""
        if not hasattr(self, method.lower()):
            raise MethodNotAllowed(method)
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Suggestion]:
        user: Any = self.request.user
        found: QuerySet[Suggestion] = access.visible_suggestions(user).with_card_data()
        return found.select_related("cluster").order_by("cluster__slug", "-kind", "rank", "pk")

    @extend_schema(responses=SuggestionSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Return a page of suggestions, the lists of one cluster after the other."""
        audience = access.audience_of(request.user)
        rows: Any = self.filter_queryset(self.get_queryset())
        if audience != Audience.STAFF:
            # Few, and counted only after everything is left out that may not be told.
            rows = [one for one in disclose(rows, audience) if one.reasons]
        page: Any = self.paginate_queryset(rows)
        shown = page if audience != Audience.STAFF else disclose(page, audience)
        response = self.get_paginated_response([_plain(one, audience) for one in shown])
        patch_vary_headers(response, ["Authorization", "Cookie"])
        patch_cache_control(response, private=True, no_store=True)
        return response


def _plain(one: Disclosed, audience: Audience) -> dict[str, Any]:
    row, for_staff = one.suggestion, audience == Audience.STAFF
    with translation.override("de"):
        page = reverse("matching:suggestion-list", args=[row.cluster.slug])
    return {
        "cluster": row.cluster.slug,
        "partner": row.partner.slug,
        "kind": row.kind,
        "rank": row.rank,
        "reasons": [
            {**_bilingual(reason), "is_example": bool(reason.get("example"))}
            for reason in one.reasons
        ],
        "counter_reasons": [_bilingual(sentence) for sentence in row.counter_reasons],
        "parts": [_part(part, for_staff=for_staff) for part in row.parts["parts"]],
        "score": row.score if for_staff else None,
        "weights_version": row.weights_version,
        "inputs_hash": row.inputs_hash,
        "computed_at": row.computed_at,
        "round_completed_at": row.round.completed_at,
        "url": settings.BASE_URL + page,
    }


def _bilingual(sentence: Mapping[str, Any]) -> dict[str, str]:
    return {"de": sentence["de"], "en": sentence["en"]}


def _part(part: Mapping[str, Any], *, for_staff: bool) -> dict[str, Any]:
    return {
        "part": part["part"],
        "weight": part["weight"],
        "level_forward": part["level_forward"],
        "level_backward": part["level_backward"],
        "forward": part["forward"] if for_staff else None,
        "backward": part["backward"] if for_staff else None,
    }
