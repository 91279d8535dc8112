"""Topics in the administration, for what the pages do not cover."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from topics.models import ActionItem, Endorsement, Topic
from topics.search import refresh_search


class EndorsementInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Endorsement
    extra = 0
    raw_id_fields = ("cluster", "given_by")


class ActionItemInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ActionItem
    extra = 0
    raw_id_fields = ("owner",)


@admin.register(Topic)
class TopicAdmin(TranslationAdmin):  # type: ignore[type-arg]
    list_display = ("title", "status", "proposed_by", "is_example", "updated_at")
    list_filter = ("status", "is_example", "innovation_fields")
    list_select_related = ("proposed_by",)
    search_fields = ("title_de", "title_en", "slug")
    raw_id_fields = ("proposed_by", "author", "merged_into", "decided_by")
    filter_horizontal = ("terms", "innovation_fields")
    exclude = ("search_vector", "search_text")
    inlines = (EndorsementInline, ActionItemInline)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Search reads the terms too, so it is told after they are saved."""
        super().save_related(request, form, formsets, change)
        refresh_search([form.instance.pk])
