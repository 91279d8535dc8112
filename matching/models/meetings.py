"""1:1 meetings at an event: who wishes to meet whom, and who meets whom when at which table.

Everything here is about people of one event and goes with its personal data
(``events.signals.personal_data_removed``); only the figures of the plan stay.
"""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Timestamped
from events.models import Event, Registration
from matching.choices import Keep, PlanState, SolvingState, Usefulness, Wish
from matching.querysets import (
    MeetingParticipantQuerySet,
    MeetingQuerySet,
    MeetingSolvingQuerySet,
)

MOST_SLOTS = 40
MOST_TABLES = 200


class MeetingPlan(Timestamped):
    """The 1:1 meetings of one event: their times, tables and rules."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="meeting_plan")
    state = models.CharField(
        _("state"), max_length=10, choices=PlanState, default=PlanState.COLLECTING
    )
    starts_at = models.DateTimeField(_("first meeting begins"))
    slots = models.PositiveSmallIntegerField(
        _("rounds of meetings"), validators=[MinValueValidator(1), MaxValueValidator(MOST_SLOTS)]
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes of a meeting"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
    )
    pause_minutes = models.PositiveSmallIntegerField(
        _("minutes between two meetings"), default=5, validators=[MaxValueValidator(120)]
    )
    tables = models.PositiveSmallIntegerField(
        _("tables"), validators=[MinValueValidator(1), MaxValueValidator(MOST_TABLES)]
    )
    minimum = models.PositiveSmallIntegerField(
        _("meetings everybody should have at least"),
        default=2,
        validators=[MaxValueValidator(MOST_SLOTS)],
    )
    place = models.CharField(_("where the tables are"), max_length=200, blank=True)
    wishes_until = models.DateTimeField(_("wishes until"), null=True, blank=True)
    invited_at = models.DateTimeField(_("asked for wishes"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # Of the last computation; and what is left of the feedback when personal data go.
    figures = models.JSONField(default=dict, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("meetings of an event")
        verbose_name_plural = _("meetings of events")
        ordering = ("-starts_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(slots__gte=1, tables__gte=1, slot_minutes__gte=1),
                name="meeting_plan_has_room",
            ),
        ]

    def __str__(self) -> str:
        return str(self.event)

    def start_of(self, slot: int) -> datetime:
        """Return when round ``slot`` begins, counted from 0."""
        return self.starts_at + slot * timedelta(minutes=self.slot_minutes + self.pause_minutes)

    def end_of(self, slot: int) -> datetime:
        """Return when round ``slot`` ends."""
        return self.start_of(slot) + timedelta(minutes=self.slot_minutes)


class MeetingParticipant(Timestamped):
    """A registered person who opted in to meetings, seen by all others who did."""

    plan = models.ForeignKey(MeetingPlan, on_delete=models.CASCADE, related_name="participants")
    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="meeting_participant"
    )
    introduction = models.CharField(_("what I bring and look for"), max_length=300, blank=True)
    # Rounds in which the person is not there, counted from 0: new rounds are free for all.
    away = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    # They joined, but do not want to meet anybody any more.
    left_at = models.DateTimeField(null=True, blank=True)
    # Of the one calendar entry that holds all meetings of the person; the number only grows.
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant of meetings")
        verbose_name_plural = _("participants of meetings")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.registration.name or self.registration.email}"


class MeetingWish(models.Model):
    """What one participant says about meeting another; the other never learns of a "no"."""

    participant = models.ForeignKey(
        MeetingParticipant, on_delete=models.CASCADE, related_name="wishes"
    )
    other = models.ForeignKey(
        MeetingParticipant, on_delete=models.CASCADE, related_name="wishes_of_others"
    )
    wish = models.CharField(_("wish"), max_length=5, choices=Wish)

    class Meta:
        verbose_name = _("wish for a meeting")
        verbose_name_plural = _("wishes for meetings")
        ordering = ("id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("participant", "other", name="meeting_wish_once"),
            models.CheckConstraint(
                condition=~models.Q(participant=models.F("other")), name="meeting_wish_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} → {self.other}: {self.wish}"


class Meeting(Timestamped):
    """Two participants and when they meet: one row a pair, however often it is moved.

    ``slot`` and ``table`` are the timetable staff works on (both empty: not in it), ``told_…`` is
    what both were told last. The first participant has the lower id.
    """

    plan = models.ForeignKey(MeetingPlan, on_delete=models.CASCADE, related_name="meetings")
    first = models.ForeignKey(
        MeetingParticipant, on_delete=models.CASCADE, related_name="meetings_as_first"
    )
    second = models.ForeignKey(
        MeetingParticipant, on_delete=models.CASCADE, related_name="meetings_as_second"
    )
    slot = models.PositiveSmallIntegerField(_("round"), null=True, blank=True)
    table = models.PositiveSmallIntegerField(_("table"), null=True, blank=True)
    is_locked = models.BooleanField(_("locked"), default=False)
    told_start = models.DateTimeField(null=True, blank=True, editable=False)
    told_end = models.DateTimeField(null=True, blank=True, editable=False)
    told_table = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    # Calendar programs know the meeting by this when a person downloads single entries.
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("slot", "table", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("first", "second", name="meeting_once_a_pair"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="meeting_pair_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(slot=None, table=None, is_locked=False)
                | models.Q(slot__isnull=False, table__isnull=False),
                name="meeting_slot_and_table",
            ),
            # Empty slots do not collide. That nobody is first here and second there is kept by
            # the verbs, which lock the plan.
            models.UniqueConstraint("plan", "slot", "table", name="meeting_table_once"),
            models.UniqueConstraint("first", "slot", name="meeting_first_once"),
            models.UniqueConstraint("second", "slot", name="meeting_second_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.second}"


class MeetingFeedback(Timestamped):
    """What one side says about a meeting afterwards. The other side never reads it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="feedback")
    participant = models.ForeignKey(
        MeetingParticipant, on_delete=models.CASCADE, related_name="feedback"
    )
    took_place = models.BooleanField(_("the meeting took place"), default=True)
    useful = models.PositiveSmallIntegerField(
        _("how useful it was"), choices=Usefulness, null=True, blank=True
    )
    follow_up = models.BooleanField(_("we stay in touch"), null=True, blank=True)
    # For the person alone: neither the other side nor staff reads it.
    note = models.TextField(_("my note"), blank=True)

    class Meta:
        verbose_name = _("feedback on a meeting")
        verbose_name_plural = _("feedback on meetings")
        ordering = ("id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("meeting", "participant", name="meeting_feedback_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.useful}"


class MeetingSolving(models.Model):
    """One computation of a timetable, asked for by staff and done by a worker."""

    plan = models.ForeignKey(MeetingPlan, on_delete=models.CASCADE, related_name="solvings")
    state = models.CharField(max_length=10, choices=SolvingState, default=SolvingState.WAITING)
    keep = models.CharField(max_length=10, choices=Keep, default=Keep.LOCKED)
    seconds = models.PositiveSmallIntegerField(_("time limit in seconds"), default=30)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    # The worker writes every second or so: a row that stands still was left by a dead process.
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stop_asked = models.BooleanField(default=False)
    progress = models.JSONField(default=dict, blank=True)
    failure = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MeetingSolvingQuerySet.as_manager()

    class Meta:
        verbose_name = _("computation of meetings")
        verbose_name_plural = _("computations of meetings")
        ordering = ("-id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "plan",
                name="meeting_one_computation",
                condition=models.Q(state__in=[SolvingState.WAITING, SolvingState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.state}"
