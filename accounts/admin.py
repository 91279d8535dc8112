"""Accounts and tokens for operators."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.forms import NewUserForm
from accounts.models import ApiToken, User
from core.errors import DomainError


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People. Passwords are never seen or set here: their owners get a link."""

    list_display = ("email", "name", "language", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "is_demo", "language")
    search_fields = ("email", "name")
    ordering = ("email",)
    actions = ("mail_password_link",)
    fields = (
        ("email", "name", "language"),
        ("is_active", "is_staff", "is_superuser"),
        ("groups", "user_permissions"),
        ("date_joined", "last_login", "is_demo"),
    )
    filter_horizontal = ("groups", "user_permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # Addresses are changed by their owner, who proves the new one.
        if obj is None:
            return ()
        fixed = ("email", "date_joined", "last_login", "is_demo")
        if request.user.is_superuser:
            return fixed
        return (*fixed, "is_active", "is_staff", "is_superuser", "groups", "user_permissions")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return NewUserForm.Meta.fields if obj is None else self.fields

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            return NewUserForm
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Make new accounts as everybody does: with a link instead of a password."""
        if change:
            super().save_model(request, obj, form, change)
            return
        created = services.create_account(
            email=obj.email, name=obj.name, language=obj.language, reason=""
        )
        obj.pk = created.pk

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """One at a time, and only where nothing must be handed over first."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        try:
            services.check_account_deletion(user=obj)
        except DomainError:
            return False
        return True

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        services.delete_account(user=obj)

    @admin.action(description=_("Mail a link to set a password"), permissions=["change"])
    def mail_password_link(self, request: HttpRequest, queryset: Any) -> None:
        for user in queryset.filter(is_active=True):
            services.mail_password_link(user=user)
        messages.success(request, _("The links are on their way."))


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens to look at and to revoke, never to make."""

    list_display = ("prefix", "name", "user", "scope", "expires_at", "last_used_at", "revoked_at")
    list_filter = ("scope",)
    search_fields = ("name", "prefix", "user__email")
    list_select_related = ("user",)
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    @admin.action(description=_("Revoke tokens"), permissions=["delete"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        for token in queryset:
            services.revoke_token(token=token)
