"""Introductions of two clusters to each other, with double opt-in."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Greatest, Least, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from matching.choices import (
    OPEN_STATES,
    IntroductionOrigin,
    IntroductionState,
    OutcomeKind,
    SideAnswer,
)
from matching.querysets.introductions import IntroductionQuerySet


class Introduction(models.Model):
    """Two clusters that may get to know each other.

    ``state`` is what both sides know. A decline changes only the side's own answer: until
    ``expires_at`` the state stays *asked*, then it becomes *ended*, just as with silence. Nothing
    shown to one side may depend on the other side's answer before both have agreed.
    """

    asker = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="introductions_asked")
    partner = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, related_name="introductions_received"
    )
    origin = models.CharField(
        _("origin"), max_length=10, choices=IntroductionOrigin, default=IntroductionOrigin.CLUSTER
    )
    state = models.CharField(
        _("state"), max_length=10, choices=IntroductionState, default=IntroductionState.ASKED
    )
    message = models.TextField(_("why, and what to talk about"), blank=True)
    reply = models.TextField(_("words with the answer"), blank=True)
    grounds = models.JSONField(default=dict)
    """What spoke for the pair when it was asked, by side: ``reasons`` and ``rests_on`` as in
    ``Suggestion``, since a pair in talks is on no list any more."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), db_default=Now())
    expires_at = models.DateTimeField(_("answer until"))
    extended_at = models.DateTimeField(_("more time asked for"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    asker_answer = models.CharField(max_length=10, choices=SideAnswer, blank=True)
    asker_answered_at = models.DateTimeField(null=True, blank=True)
    asker_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    partner_answer = models.CharField(max_length=10, choices=SideAnswer, blank=True)
    partner_answered_at = models.DateTimeField(null=True, blank=True)
    partner_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    met_at = models.DateTimeField(_("talk held"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=OutcomeKind, blank=True)
    follow_up_at = models.DateTimeField(_("ask what came of it"), null=True, blank=True)
    follow_ups = models.PositiveSmallIntegerField(default=0)

    text_de = models.TextField(_("joint mail in German"), blank=True)
    text_en = models.TextField(_("joint mail in English"), blank=True)
    mailed_at = models.DateTimeField(_("joint mail sent"), null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ("-pk",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "expires_at"], name="introduction_due"),
            models.Index(fields=["asked_at"], name="introduction_asked_at"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Least("asker", "partner"),
                Greatest("asker", "partner"),
                condition=models.Q(state__in=OPEN_STATES),
                name="introduction_open_once_a_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(asker=models.F("partner")), name="introduction_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker} – {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("matching:introduction-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_agreed(self) -> bool:
        """Both sides have agreed, so each may know the other's people."""
        return self.agreed_at is not None

    def side_of(self, cluster_id: int) -> str:
        """Return ``asker`` or ``partner``: the prefix of the side's own fields."""
        return "asker" if cluster_id == self.asker_id else "partner"

    def other_than(self, cluster_id: int) -> Cluster:
        """Return the cluster on the other side."""
        return self.partner if cluster_id == self.asker_id else self.asker

    def answer_of(self, cluster_id: int) -> str:
        """Return the side's own answer."""
        return str(getattr(self, f"{self.side_of(cluster_id)}_answer"))


class Outcome(models.Model):
    """One thing that came of an introduction, as a side or staff says."""

    introduction = models.ForeignKey(
        Introduction, on_delete=models.CASCADE, related_name="outcomes"
    )
    kind = models.CharField(_("outcome"), max_length=12, choices=OutcomeKind)
    note = models.CharField(_("note"), max_length=300, blank=True)
    cluster = models.ForeignKey(
        Cluster, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("recorded_at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("introduction", "kind", name="outcome_once_a_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Appointment(models.Model):
    """A date proposed for the talk; confirmed once it suits both sides."""

    introduction = models.ForeignKey(
        Introduction, on_delete=models.CASCADE, related_name="appointments"
    )
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    place = models.CharField(_("place or link"), max_length=200, blank=True)
    asker_fits = models.BooleanField(null=True)
    partner_fits = models.BooleanField(null=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("proposed date")
        verbose_name_plural = _("proposed dates")
        ordering = ("starts_at", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("introduction", "starts_at", name="appointment_once_a_time"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
