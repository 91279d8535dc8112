from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from core.models import OutgoingMail, Timestamped
from events.choices import Answer, AnswerSource
from events.models.event import Event
from events.querysets import InvitationQuerySet


class Invitation(Timestamped):
    """One address invited to one event, with its mail and its answer."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    # Emptied, with the name, when the event's retention ends.
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="de"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="event_invitations",
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.SET_NULL, null=True, blank=True, related_name="event_invitations"
    )
    mail = models.OneToOneField(
        OutgoingMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitation"
    )
    # When its mail was handed to ``core.mail``; empty: a task still has to do so.
    queued_at = models.DateTimeField(_("queued"), null=True, blank=True)
    # What its mail said of itself last; the mail's row goes long before the event's figures.
    is_undelivered = models.BooleanField(_("could not be delivered"), default=False)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer_source = models.CharField(
        _("answered by way of"), max_length=10, choices=AnswerSource, blank=True
    )
    # A calendar program that replied earlier must not overwrite what was said later (RFC 5546).
    answer_stamp = models.DateTimeField(null=True, blank=True, editable=False)
    # Who was invited because this person named them instead of coming.
    named_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="colleagues"
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_example = models.BooleanField(_("example"), default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("email",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"),
                "event",
                name="invitation_once_per_event",
                condition=~models.Q(email=""),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Read by the task that writes the mails: only what still waits is in it.
            models.Index(
                fields=["event"],
                name="invitation_unmailed",
                condition=models.Q(queued_at=None, is_example=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.email}"
