"""Outgoing mail for operators: look and send again, never edit."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.choices import MailKind
from core.mail import lift_block, send_again
from core.models import AddressState, MailOptOut, OutgoingMail
from core.querysets import OutgoingMailQuerySet


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows of the outbox. The text of account mails is not shown: its links open accounts."""

    list_display = ("to", "subject", "kind", "state", "attempts", "created_at", "sent_at")
    list_filter = (
        "state",
        ("doubtful_at", admin.EmptyFieldListFilter),
        ("bounced_at", admin.EmptyFieldListFilter),
        "content__kind",
        "content__language",
        "priority",
    )
    search_fields = ("to", "content__subject")
    list_select_related = ("content",)
    date_hierarchy = "created_at"
    actions = ("queue_again",)
    fields = (
        ("to", "to_name"),
        ("kind", "subject"),
        "text",
        ("state", "attempts", "error"),
        ("created_at", "due_at", "claimed_at", "claimed_by", "sent_at"),
        ("doubtful_at", "bounced_at"),
    )
    readonly_fields = (
        "to",
        "to_name",
        "kind",
        "subject",
        "text",
        "state",
        "attempts",
        "error",
        "created_at",
        "due_at",
        "claimed_at",
        "claimed_by",
        "sent_at",
        "doubtful_at",
        "bounced_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False

    @admin.display(description=_("subject"), ordering="content__subject")
    def subject(self, mail: OutgoingMail) -> str:
        return mail.content.subject

    @admin.display(description=_("kind"), ordering="content__kind")
    def kind(self, mail: OutgoingMail) -> str:
        return mail.content.get_kind_display()

    @admin.display(description=_("text"))
    def text(self, mail: OutgoingMail) -> str:
        return "" if mail.content.kind == MailKind.ACCOUNT else mail.content.text

    @admin.action(description=_("Send failed mails again"), permissions=["delete"])
    def queue_again(self, request: HttpRequest, queryset: OutgoingMailQuerySet) -> None:
        number = send_again(queryset)
        text = ngettext(
            "%(number)d mail is queued again.", "%(number)d mails are queued again.", number
        )
        messages.success(request, text % {"number": number})


@admin.register(MailOptOut)
class MailOptOutAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Addresses that asked for silence."""

    list_display = ("address", "kind", "created_at")
    list_filter = ("kind",)
    search_fields = ("address",)


@admin.register(AddressState)
class AddressStateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What came back from which address; an action lifts the block."""

    list_display = ("address", "is_blocked", "status", "reason", "bounces", "last_bounce_at")
    list_filter = ("is_blocked",)
    search_fields = ("address",)
    actions = ("lift",)
    readonly_fields = ("status", "reason", "bounces", "last_bounce_at")

    @admin.action(description=_("Send mails to these addresses again"), permissions=["change"])
    def lift(self, request: HttpRequest, queryset: QuerySet[AddressState]) -> None:
        number = sum(lift_block(address=state.address) for state in queryset)
        text = ngettext(
            "%(number)d address gets mails again.",
            "%(number)d addresses get mails again.",
            number,
        )
        messages.success(request, text % {"number": number})
