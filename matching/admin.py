"""Weights, rounds and suggestions to look at; computing and publishing have verbs of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from matching.models import ClusterBlock, Round, Suggestion, Weights


class _ReadOnly(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Weights)
class WeightsAdmin(_ReadOnly):
    """A published version stays as it is: suggestions refer to it."""

    list_display = (
        "version",
        "need",
        "chain",
        "bridge",
        "cross_innovation",
        "text",
        "trust",
        "published_at",
    )


@admin.register(Round)
class RoundAdmin(_ReadOnly):
    """When suggestions were computed, and why a computation failed."""

    list_display = ("id", "state", "weights", "clusters_count", "started_at", "completed_at")
    list_filter = ("state",)
    list_select_related = ("weights",)


@admin.register(Suggestion)
class SuggestionAdmin(_ReadOnly):
    """Single suggestions, for tracing back what a page said."""

    list_display = ("cluster", "partner", "audience", "rank", "score", "round")
    list_filter = ("audience",)
    list_select_related = ("cluster", "partner", "round")
    search_fields = ("cluster__name", "partner__name")
    show_full_result_count = False
    ordering = ("-round", "cluster", "audience", "rank")


@admin.register(ClusterBlock)
class ClusterBlockAdmin(_ReadOnly):
    """Who does not want to be suggested to whom: confidential, never to be passed on."""

    list_display = ("cluster", "blocked", "reason", "created_by", "created_at")
    list_select_related = ("cluster", "blocked", "created_by")
    search_fields = ("cluster__name", "blocked__name")
