"""The event and its programme."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, District, InnovationField, Term
from core.models import Searchable, Timestamped
from events.choices import (
    ChoiceMode,
    DatePrecision,
    EventFormat,
    EventKind,
    EventPhase,
    EventStatus,
    SessionPart,
    WaitingMode,
)
from events.dates import is_over, is_running
from events.querysets import EventQuerySet
from topics.models import Topic


class EventSeries(Timestamped):
    """Events that repeat, such as a plenary every quarter."""

    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("series of events")
        verbose_name_plural = _("series of events")
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title


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
    # Registered people see the links from this many hours before the beginning; empty: at once.
    online_lead_hours = models.PositiveSmallIntegerField(
        _("hours before the beginning from which the link is shown"), null=True, blank=True
    )
    website = models.URLField(_("website"), blank=True)
    organisers = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    participants_note = models.CharField(_("participants"), max_length=120, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    district = models.ForeignKey(
        District,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("district"),
    )
    series = models.ForeignKey(
        EventSeries,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("series"),
    )
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    approval_required = models.BooleanField(_("the office approves registrations"), default=False)
    cluster_quota = models.PositiveSmallIntegerField(
        _("at most so many people of one cluster"), null=True, blank=True
    )
    waiting_mode = models.CharField(
        _("who passes on free places"),
        max_length=10,
        choices=WaitingMode,
        default=WaitingMode.AUTOMATIC,
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours for which an offered place is kept"), default=24
    )
    choice_mode = models.CharField(
        _("choice of workshops"), max_length=10, choices=ChoiceMode, default=ChoiceMode.NONE
    )
    wishes_until = models.DateTimeField(_("wishes until"), null=True, blank=True)
    asks_expectations = models.BooleanField(_("ask beforehand what people expect"), default=True)
    shows_participants = models.BooleanField(
        _("participants see who agreed to be listed"), default=True
    )
    minutes_published_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Participants hear of the minutes once, however often they are withdrawn and published.
    minutes_announced_at = models.DateTimeField(null=True, blank=True, editable=False)
    survey_until = models.DateTimeField(_("survey until"), null=True, blank=True)
    # Personal data of the event go so many months after it: Art. 5 (1) e GDPR.
    retention_months = models.PositiveSmallIntegerField(
        _("months after which personal data are removed"), default=12
    )
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What people were told last of time and place; a notice is due when it is no longer true.
    announced = models.JSONField(default=dict, blank=True, editable=False)
    change_notice_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    invitations_paused_at = models.DateTimeField(null=True, blank=True, editable=False)
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
            # Read by beat, which tells people of changes: nearly always empty.
            models.Index(
                fields=["change_notice_due_at"],
                name="event_change_notice",
                condition=models.Q(change_notice_due_at__isnull=False),
            ),
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

    def free_places(self) -> int | None:
        """Return how many places neither are taken nor kept for an offer; None without a limit."""
        if self.capacity is None:
            return None
        taken: int = self.registrations.holding_a_place().count()
        return max(self.capacity - taken, 0)

    @property
    def phase(self) -> EventPhase:
        """Where the event stands now. Never stored, so no job can be late with it."""
        if self.status != EventStatus.PUBLISHED:
            return EventPhase(self.status)
        if is_over(self):
            return EventPhase.DONE
        return EventPhase.RUNNING if is_running(self) else EventPhase.PUBLISHED


class Session(models.Model):
    """A part of the programme: plenary, parallel workshop in a run, or break."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    code = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    part = models.CharField(_("part"), max_length=10, choices=SessionPart)
    # Parallel workshops of one run take place at the same time, side by side in tracks.
    run = models.PositiveSmallIntegerField(_("run"), null=True, blank=True)
    track = models.PositiveSmallIntegerField(_("track"), null=True, blank=True)
    # Sessions with the same word here are one workshop, offered again in another run.
    workshop = models.SlugField(_("workshop"), max_length=60, blank=True)
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

    @property
    def workshop_key(self) -> str:
        """The workshop this session is one sitting of; its own code where it is the only one."""
        return self.workshop or self.code
