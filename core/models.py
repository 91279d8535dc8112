"""Infrastructure every app may lean on: time stamps, data version, outgoing mail."""

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from core.choices import MailKind, MailPriority, MailState
from core.querysets import OutgoingMailQuerySet


class Timestamped(models.Model):
    """Rows that know when they came and when they last changed."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class Searchable(models.Model):
    """Rows that full-text search finds.

    Both columns are derived: ``search_vector`` holds German, English and folded stems for word
    search, ``search_text`` the folded plain words for typing errors. The owning app's services
    refresh them whenever a source of theirs changes.
    """

    search_vector = SearchVectorField(null=True, editable=False)
    search_text = models.TextField(default="", editable=False)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search_vector"], name="%(class)s_words"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="%(class)s_trigrams"),
        ]


class DataVersion(models.Model):
    """A counter that moves with every change to public data.

    Triggers on the tables concerned move it inside the changing transaction, so whoever reads
    number and data in that order never serves old data under a new number. API lists and cached
    counts are keyed by it.
    """

    name = models.CharField(max_length=40, primary_key=True)
    number = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class MailContent(models.Model):
    """A rendered mail in one language, shared by all its recipients.

    What differs between recipients stands as ``%%name%%`` in the texts and is filled in from
    ``OutgoingMail.values`` at delivery, so 10,000 invitations are rendered once.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=MailKind)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    calendar = models.TextField(blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    reply_to = models.EmailField(blank=True)
    # A PNG the HTML shows as ``cid:picture``, such as the QR code of a confirmation.
    picture = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class OutgoingMail(models.Model):
    """One mail to one address: a row before it is a task, so nothing that dies loses it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.ForeignKey(MailContent, on_delete=models.CASCADE, related_name="mails")
    to = models.EmailField(_("to"))
    to_name = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict, blank=True)
    priority = models.SmallIntegerField(choices=MailPriority, default=MailPriority.NORMAL)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    # A worker died between acceptance and mark: this mail may have arrived twice.
    doubtful_at = models.DateTimeField(null=True, blank=True)
    # The server at the other end said later that it could not be delivered.
    bounced_at = models.DateTimeField(null=True, blank=True)
    host = models.GeneratedField(
        expression=Lower(Func(F("to"), Value("@"), Value(-1), function="SPLIT_PART")),
        output_field=models.CharField(max_length=255),
        db_persist=True,
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        indexes: ClassVar[list[models.Index]] = [
            # Read by the claim of the next batch: only what still waits is in it.
            models.Index(
                fields=["priority", "due_at"],
                name="outgoingmail_waiting",
                condition=models.Q(state=MailState.QUEUED),
            ),
            # Read by the sweep for rows a dead worker left behind.
            models.Index(
                fields=["claimed_at"],
                name="outgoingmail_claimed",
                condition=models.Q(state=MailState.SENDING),
            ),
            # Read where a rate per minute is set: what went out in the last one.
            models.Index(
                fields=["sent_at"],
                name="outgoingmail_sent",
                condition=models.Q(state=MailState.SENT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.content_id} → {self.to}"


class MailOptOut(models.Model):
    """An address that wants no more mails of a kind; account mails cannot be opted out of."""

    address = models.EmailField()
    kind = models.CharField(max_length=20, choices=MailKind)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("address"), "kind", name="mail_opt_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.kind}"


class AddressState(models.Model):
    """What we know of an address from the mails that came back.

    A permanent failure (status 5.x.x of RFC 3463) blocks mails to many until staff lifts it;
    account mails are tried all the same.
    """

    address = models.EmailField(_("address"))
    is_blocked = models.BooleanField(_("gets no mails to many"), default=False)
    status = models.CharField(_("status"), max_length=12, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    bounces = models.PositiveIntegerField(_("mails that came back"), default=0)
    last_bounce_at = models.DateTimeField(_("last came back"), null=True, blank=True)

    class Meta:
        verbose_name = _("state of an address")
        verbose_name_plural = _("states of addresses")
        ordering = ("-last_bounce_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("address"), name="address_state_once"),
        ]

    def __str__(self) -> str:
        return self.address


class InboundNote(models.Model):
    """A mail in our mailbox that the portal did not understand; it stays unread there."""

    # Identifies the mail in its mailbox: UIDVALIDITY and UID (RFC 3501).
    mailbox_key = models.CharField(max_length=120, unique=True)
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    reason = models.CharField(_("what was not understood"), max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(_("dealt with"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail not understood")
        verbose_name_plural = _("mails not understood")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.subject or self.mailbox_key


class ImportRecord(models.Model):
    """What a data set last said about one row, so that loading it again writes only news.

    What people changed in the portal since then stays until the data set itself says something
    new about the row.
    """

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("source", "kind", "key", name="import_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.key}"
