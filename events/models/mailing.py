"""Mails of an event to many people: their texts, their recipients, saved audiences."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import OutgoingMail, Timestamped
from events.choices import MailOccasion
from events.models.event import Event
from events.models.invitation import Invitation
from events.models.registration import Registration
from events.querysets import MailingMailQuerySet, MailingQuerySet


class MailText(Timestamped):
    """Staff's own words for one occasion of an event, in one language."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="mail_texts")
    occasion = models.CharField(_("occasion"), max_length=10, choices=MailOccasion)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text of a mail")
        verbose_name_plural = _("texts of mails")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("event", "occasion", "language", name="mail_text_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_occasion_display()} ({self.language})"


class SavedAudience(Timestamped):
    """A choice of people staff uses again; resolved anew each time."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    # ``events.audience.Audience`` as a dictionary, without pasted addresses: personal data are
    # not kept without an end date.
    choice = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("saved audience")
        verbose_name_plural = _("saved audiences")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Mailing(Timestamped):
    """One mail to a segment of an event's people, at once or on a day.

    Its recipients are worked out when it starts; ``MailingMail`` keeps each from
    being mailed twice.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="mailings")
    occasion = models.CharField(_("occasion"), max_length=10, choices=MailOccasion)
    # ``events.segments.Segment`` as a dictionary.
    segment = models.JSONField(default=dict)
    scheduled_at = models.DateTimeField(_("to be sent"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ("-scheduled_at", "-id")
        indexes: ClassVar[list[models.Index]] = [
            # Read by beat: what is due and has not begun.
            models.Index(
                fields=["scheduled_at"],
                name="mailing_due",
                condition=models.Q(started_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_occasion_display()}"


class MailingMail(models.Model):
    """One recipient of a mailing, with the mail once it is written."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="mails")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, null=True, blank=True, related_name="mailing_mails"
    )
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, null=True, blank=True, related_name="mailing_mails"
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="de"
    )
    mail = models.OneToOneField(
        OutgoingMail,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="mailing_mail",
    )
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)

    objects = MailingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of a mailing")
        verbose_name_plural = _("mails of mailings")
        ordering = ("email", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"),
                "mailing",
                name="mailing_mail_once",
                condition=~models.Q(email=""),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["mailing"],
                name="mailing_mail_unwritten",
                condition=models.Q(queued_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id}: {self.email}"
