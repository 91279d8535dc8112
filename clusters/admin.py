"""Everything about clusters for operators. What is saved here is live at once, without review."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from clusters.models import (
    Application,
    ChangeRequest,
    Cluster,
    Cooperation,
    District,
    Document,
    Fact,
    GoodPractice,
    InnovationField,
    LabelAward,
    Membership,
    MembershipInvitation,
    Need,
    Offer,
    Project,
    Term,
)
from clusters.search import refresh_clusters, refresh_needs, refresh_offers, refresh_search
from clusters.signals import profile_changed


class Refreshing(TranslationAdmin):  # type: ignore[type-arg]
    """Keeps search and what others compute in step with what operators save."""

    def save_related(
        self, request: HttpRequest, form: ModelForm[Any], formsets: Any, change: bool
    ) -> None:
        """Refresh after the many-to-many fields: search reads them, too."""
        super().save_related(request, form, formsets, change)
        self.refresh(form.instance)

    def refresh(self, entry: Model) -> None:
        raise NotImplementedError


class FactInline(TranslationTabularInline):  # type: ignore[type-arg]
    model = Fact
    extra = 0


class LabelInline(admin.TabularInline):  # type: ignore[type-arg]
    model = LabelAward
    fields = ("code", "scheme", "level", "year", "valid_until", "is_renewal")
    extra = 0


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    fields = ("user", "role", "started_at", "ended_at")
    readonly_fields = ("started_at",)
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Cluster)
class ClusterAdmin(Refreshing):
    list_display = ("name", "kind", "status", "activity", "city", "district", "updated_at")
    list_filter = ("status", "kind", "activity", "district", "innovation_fields", "is_example")
    list_select_related = ("district",)
    search_fields = ("name", "full_name_de", "full_name_en", "slug")
    filter_horizontal = ("innovation_fields",)
    autocomplete_fields = ("terms",)
    # Logos come in through the profile form, which draws them anew.
    readonly_fields = ("logo", "search_text", "created_at", "updated_at", "published_at")
    inlines = (FactInline, LabelInline, MembershipInline)

    def refresh(self, entry: Model) -> None:
        refresh_search([entry.pk])
        profile_changed.send(sender=Cluster, cluster_id=entry.pk)


@admin.register(Need, Offer)
class StatementAdmin(Refreshing):
    list_display = ("__str__", "cluster", "confidentiality", "status", "valid_until", "is_example")
    list_filter = ("status", "confidentiality", "is_example")
    list_select_related = ("cluster",)
    search_fields = ("text_de", "text_en", "cluster__name")
    autocomplete_fields = ("cluster", "terms", "stage")
    readonly_fields = ("search_text", "created_at", "updated_at")

    def refresh(self, entry: Model) -> None:
        refresh = refresh_needs if isinstance(entry, Need) else refresh_offers
        refresh([entry.pk])
        if isinstance(entry, Need | Offer):
            profile_changed.send(sender=Cluster, cluster_id=entry.cluster_id)


@admin.register(Term)
class TermAdmin(Refreshing):
    list_display = ("label", "kind", "group", "position", "is_cross_cutting")
    list_filter = ("kind", "is_cross_cutting", "innovation_fields")
    search_fields = ("label_de", "label_en", "code", "synonyms")
    filter_horizontal = ("innovation_fields",)

    def refresh(self, entry: Model) -> None:
        """Entries are found by the labels and synonyms of their terms."""
        clusters = Cluster.objects.filter(terms=entry.pk).values_list("pk", flat=True)
        refresh_clusters(list(clusters))
        refresh_needs(list(Need.objects.filter(terms=entry.pk).values_list("pk", flat=True)))
        refresh_offers(list(Offer.objects.filter(terms=entry.pk).values_list("pk", flat=True)))


@admin.register(InnovationField)
class InnovationFieldAdmin(Refreshing):
    list_display = ("number", "name", "is_cross_cutting")
    list_display_links = ("name",)
    search_fields = ("name_de", "name_en", "code")

    def refresh(self, entry: Model) -> None:
        found = Cluster.objects.filter(innovation_fields=entry.pk).values_list("pk", flat=True)
        refresh_clusters(list(found))


@admin.register(District)
class DistrictAdmin(Refreshing):
    list_display = ("name", "short_name", "nuts")
    search_fields = ("name_de", "name_en", "nuts")

    def refresh(self, entry: Model) -> None:
        found = Cluster.objects.filter(district_id=entry.pk).values_list("pk", flat=True)
        refresh_clusters(list(found))


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "cluster", "role", "started_at", "ended_at")
    list_filter = ("role", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "cluster")
    search_fields = ("user__email", "user__name", "cluster__name")
    autocomplete_fields = ("user", "cluster")


@admin.register(MembershipInvitation)
class MembershipInvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at: invitations are sent on the members page, so that the mail goes with them."""

    list_display = ("email", "cluster", "role", "expires_at", "accepted_at", "revoked_at")
    list_filter = ("role", "language")
    list_select_related = ("cluster",)
    search_fields = ("email", "cluster__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Decided(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at: decisions are made in the moderation queue, where they are mailed."""

    date_hierarchy = "submitted_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ChangeRequest)
class ChangeRequestAdmin(Decided):
    list_display = ("cluster", "target", "state", "author", "submitted_at", "decided_by")
    list_filter = ("state", "target")
    list_select_related = ("cluster", "author", "decided_by")
    search_fields = ("cluster__name", "author__email")


@admin.register(Application)
class ApplicationAdmin(Decided):
    list_display = ("name", "kind", "state", "contact_name", "submitted_at", "purge_at")
    list_filter = ("state", "kind")
    search_fields = ("name", "contact_name", "contact_email")


@admin.register(LabelAward)
class LabelAwardAdmin(TranslationAdmin):  # type: ignore[type-arg]
    list_display = ("cluster", "scheme", "level", "year", "valid_until")
    list_filter = ("scheme", "level", "year")
    list_select_related = ("cluster",)
    search_fields = ("cluster__name", "code")
    autocomplete_fields = ("cluster",)


@admin.register(Project)
class ProjectAdmin(TranslationAdmin):  # type: ignore[type-arg]
    list_display = ("title", "programme", "starts_on", "ends_on", "is_example")
    list_filter = ("is_example", "innovation_fields")
    search_fields = ("title_de", "title_en", "programme")
    autocomplete_fields = ("clusters", "innovation_fields")


@admin.register(GoodPractice)
class GoodPracticeAdmin(TranslationAdmin):  # type: ignore[type-arg]
    list_display = ("title", "cluster", "is_example")
    list_filter = ("is_example",)
    list_select_related = ("cluster",)
    search_fields = ("title_de", "title_en", "cluster__name")
    autocomplete_fields = ("cluster",)


@admin.register(Cooperation)
class CooperationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("first", "second", "kind", "source")
    list_filter = ("kind",)
    list_select_related = ("first", "second")
    search_fields = ("first__name", "second__name", "source")
    autocomplete_fields = ("first", "second")


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at and delete: files come in on the documents page, which checks them."""

    list_display = ("title", "cluster", "confidentiality", "uploaded_by", "created_at")
    list_filter = ("confidentiality",)
    list_select_related = ("cluster", "uploaded_by")
    search_fields = ("title", "cluster__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
