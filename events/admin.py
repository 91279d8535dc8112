"""Events for operators: to look things up and repair; daily work has pages of its own."""

from django.contrib import admin
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from events.models import Event, Invitation, Registration, Session


class SessionInline(TranslationStackedInline):  # type: ignore[type-arg]
    model = Session
    extra = 0
    filter_horizontal = ("terms",)


@admin.register(Event)
class EventAdmin(TranslationAdmin):  # type: ignore[type-arg]
    list_display = ("title", "kind", "status", "starts_at", "date_precision", "is_example")
    list_filter = ("status", "kind", "format", "region", "is_example")
    search_fields = ("title_de", "title_en", "slug", "city")
    date_hierarchy = "starts_at"
    readonly_fields = ("uid", "sequence", "created_at", "updated_at", "submitted_at")
    exclude = ("search_vector", "search_text")
    autocomplete_fields = ()
    filter_horizontal = ("topics", "terms", "clusters", "innovation_fields")
    raw_id_fields = ("author", "proposed_by")
    inlines = (SessionInline,)


@admin.register(Registration)
class RegistrationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "name", "event", "state", "is_example")
    list_filter = ("state", "is_example")
    search_fields = ("email", "name", "event__title_de")
    raw_id_fields = ("event", "user", "cluster")
    list_select_related = ("event",)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("email", "event", "language", "answer", "queued_at", "is_example")
    list_filter = ("answer", "language", "is_example")
    search_fields = ("email", "name", "event__title_de")
    raw_id_fields = ("event", "user", "cluster", "mail", "invited_by")
    readonly_fields = ("queued_at", "answered_at")
    list_select_related = ("event",)
