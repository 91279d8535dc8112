"""The event and its programme."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, InnovationField, Term
from core.models import Searchable, Timestamped
from events.choices import DatePrecision, EventFormat, EventKind, EventStatus, SessionPart
from events.querysets import EventQuerySet
from topics.models import Topic


class Event(Searchable, Timestamped):
    """A meeting of the dialogue, from a plenary to an information session."""

    slug = models.SlugField(max_length=100, unique=True)
    # Calendar programs know the event by this for ever; ``sequence`` tells them what is newer.
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    note = models.TextField(_("note"), blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    format = models.CharField(
        _("format"), max_length=10, choices=EventFormat, default=EventFormat.UNKNOWN
    )
    status = models.CharField(
        _("status"), max_length=10, choices=EventStatus, default=EventStatus.DRAFT
    )
    status_reason = models.TextField(_("reason"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=DatePrecision, default=DatePrecision.TIME
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DE")
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    region = models.CharField(_("region"), max_length=10, default="NRW")
    online_url = models.URLField(_("link for taking part online"), blank=True)
    website = models.URLField(_("website"), blank=True)
    organisers = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    participants_note = models.CharField(_("participants"), max_length=120, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="events", verbose_name=_("topics")
    )
    terms = models.ManyToManyField(Term, blank=True, related_name="events", verbose_name=_("terms"))
    clusters = models.ManyToManyField(
        Cluster, blank=True, related_name="events", verbose_name=_("clusters")
    )
    innovation_fields = models.ManyToManyField(
        InnovationField, blank=True, related_name="events", verbose_name=_("innovation fields")
    )
    proposed_by = models.ForeignKey(
        Cluster, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposed_events"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    outcomes = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=dict, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = EventQuerySet.as_manager()

    class Meta(Searchable.Meta, Timestamped.Meta):
        abstract = False
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("starts_at", "id")
        indexes: ClassVar[list[models.Index]] = [
            *Searchable.Meta.indexes,
            # Read by the lists of upcoming and past events.
            models.Index(fields=["status", "starts_at"], name="event_calendar"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
                name="event_ends_after_start",
                violation_error_message=_("The event ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:event-detail", args=[self.slug])


class Session(models.Model):
    """A part of the programme: plenary, parallel workshop in a run, or break."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    part = models.CharField(_("part"), max_length=10, choices=SessionPart)
    # Parallel workshops of one run take place at the same time, side by side in tracks.
    run = models.PositiveSmallIntegerField(_("run"), null=True, blank=True)
    track = models.PositiveSmallIntegerField(_("track"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    note = models.TextField(_("note"), blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    moderator = models.CharField(_("moderation"), max_length=200, blank=True)
    speaker = models.CharField(_("speaker"), max_length=200, blank=True)
    room = models.CharField(_("room"), max_length=120, blank=True)
    online_url = models.URLField(_("link for taking part online"), blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    terms = models.ManyToManyField(Term, blank=True, related_name="sessions")
    source = models.CharField(_("source"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("position", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("event", "code", name="session_code_once_per_event"),
        ]

    def __str__(self) -> str:
        return self.title
