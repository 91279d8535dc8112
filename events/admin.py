"""Events for operators: to look things up and repair; daily work has pages of its own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from events.models import Event, EventSeries, Invitation, Registration, Session


class LookUp:
    """Rows that only the verbs write: here they would miss waiting lists, mails and sequences."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NoDelete:
    """Deleting has a page in the portal, which keeps what people have entered."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SessionInline(LookUp, TranslationStackedInline):  # type: ignore[type-arg]
    model = Session
    extra = 0


@admin.register(Event)
class EventAdmin(NoDelete, TranslationAdmin):  # type: ignore[type-arg]
    list_display = ("title", "kind", "status", "starts_at", "date_precision", "is_example")
    list_filter = ("status", "kind", "format", "region", "is_example")
    search_fields = ("title_de", "title_en", "slug", "city")
    date_hierarchy = "starts_at"
    readonly_fields = (
        "uid",
        "sequence",
        "status",
        "starts_at",
        "ends_at",
        "capacity",
        "created_at",
        "updated_at",
        "submitted_at",
    )
    exclude = ("search_vector", "search_text")
    autocomplete_fields = ()
    filter_horizontal = ("topics", "terms", "clusters", "innovation_fields")
    raw_id_fields = ("author", "proposed_by")
    inlines = (SessionInline,)


@admin.register(EventSeries)
class EventSeriesAdmin(TranslationAdmin):  # type: ignore[type-arg]
    list_display = ("title", "created_at")
    search_fields = ("title_de", "title_en")


@admin.register(Registration)
class RegistrationAdmin(LookUp, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "name", "event", "state", "is_example")
    list_filter = ("state", "is_example")
    search_fields = ("email", "name", "event__title_de")
    list_select_related = ("event",)


@admin.register(Invitation)
class InvitationAdmin(LookUp, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "event", "language", "answer", "queued_at", "is_example")
    list_filter = ("answer", "language", "is_example")
    search_fields = ("email", "name", "event__title_de")
    list_select_related = ("event",)
