"""What was said: minutes as items, and documents."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from core.models import Timestamped
from core.uploads import DocumentUpload
from events.choices import AccessLevel, MinutesKind
from events.models.event import Event, Session
from events.querysets import MinutesItemQuerySet, SessionDocumentQuerySet
from topics.choices import ActionState
from topics.models import Topic


class MinutesItem(Timestamped):
    """One decision, action or note of an event's minutes."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="minutes")
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="minutes",
        verbose_name=_("session"),
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="minutes",
        verbose_name=_("topic"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MinutesKind, default=MinutesKind.NOTE)
    text = models.TextField(_("text"))
    level = models.CharField(
        _("who may read it"),
        max_length=12,
        choices=AccessLevel,
        default=AccessLevel.PARTICIPANTS,
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    # The next three belong to actions.
    owner = models.ForeignKey(
        Cluster,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="minutes_actions",
        verbose_name=_("who does it"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ActionState, default=ActionState.OPEN
    )
    reminded_on = models.DateField(null=True, blank=True, editable=False)
    # Goes up with every change; who saves on top of another number sees both texts.
    version = models.PositiveIntegerField(default=1, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MinutesItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of the minutes")
        verbose_name_plural = _("items of the minutes")
        ordering = ("position", "id")
        indexes: ClassVar[list[models.Index]] = [
            # Read by the dashboard and by beat, which reminds of open actions.
            models.Index(
                fields=["owner", "due_on"],
                name="minutes_open_actions",
                condition=models.Q(kind=MinutesKind.ACTION, state=ActionState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class SessionDocument(Timestamped):
    """A file of an event or of one of its sessions."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="documents")
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("session"),
    )
    title = models.CharField(_("title"), max_length=200)
    file = DocumentUpload(_("file"), upload_to="events")
    level = models.CharField(
        _("who may read it"),
        max_length=12,
        choices=AccessLevel,
        default=AccessLevel.PARTICIPANTS,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SessionDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of an event")
        verbose_name_plural = _("documents of events")
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title
