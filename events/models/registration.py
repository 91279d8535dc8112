"""People who take part, their places in sessions and their wishes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from core.models import Timestamped
from events.choices import (
    ParticipantGroup,
    PlaceState,
    RegistrationSource,
    RegistrationState,
)
from events.models.event import Event, Session
from events.models.invitation import Invitation
from events.querysets import RegistrationQuerySet, SessionPlaceQuerySet


class Registration(Timestamped):
    """A person who takes part, or would like to."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="registrations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
    )
    cluster = models.ForeignKey(
        Cluster, on_delete=models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="registrations"
    )
    # Both are emptied when the event's retention ends.
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="de"
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=RegistrationState,
        default=RegistrationState.REGISTERED,
    )
    source = models.CharField(
        _("came by way of"),
        max_length=10,
        choices=RegistrationSource,
        default=RegistrationSource.PORTAL,
    )
    group = models.CharField(
        _("group"), max_length=12, choices=ParticipantGroup, default=ParticipantGroup.PARTICIPANT
    )
    list_consent = models.BooleanField(_("agreed to be listed"), default=False)
    expectation = models.TextField(_("what the person expects"), blank=True)
    # The order of the waiting list; kept while a place is offered.
    waiting_since = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer valid until"), null=True, blank=True)
    # Who lets a second offer run out leaves the waiting list.
    lapsed_offers = models.PositiveSmallIntegerField(default=0, editable=False)
    decision_reason = models.TextField(_("reason"), blank=True)
    checked_in_at = models.DateTimeField(_("checked in"), null=True, blank=True)
    # Added to the event's sequence in this person's calendar mails: it grows with each
    # cancellation and return, so that calendar programs take the later mail over (RFC 5546).
    calendar_revision = models.PositiveSmallIntegerField(default=0, editable=False)
    is_example = models.BooleanField(_("example"), default=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ("name", "email", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"),
                "event",
                name="registration_once_per_event",
                condition=~models.Q(email=""),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RegistrationState.OFFERED)
                | models.Q(offer_expires_at__isnull=False),
                name="registration_offer_expires",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Read when a place is given away: counts and the head of the waiting list.
            models.Index(fields=["event", "state", "waiting_since"], name="registration_queue"),
            # Read by beat for offers nobody took.
            models.Index(
                fields=["offer_expires_at"],
                name="registration_offers",
                condition=models.Q(state=RegistrationState.OFFERED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.name or self.email}"


class SessionPlace(Timestamped):
    """A person's place in one session of the programme, or in its waiting list."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="places")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="places")
    state = models.CharField(_("state"), max_length=10, choices=PlaceState, default=PlaceState.HELD)
    # Set by an assignment; empty where the person chose the session.
    rank = models.PositiveSmallIntegerField(_("rank of the wish"), null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer valid until"), null=True, blank=True)
    # Who lets a second offer run out leaves the waiting list.
    lapsed_offers = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = SessionPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a session")
        verbose_name_plural = _("places in sessions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("registration", "session", name="session_place_once"),
            models.CheckConstraint(
                condition=~models.Q(state=PlaceState.OFFERED)
                | models.Q(offer_expires_at__isnull=False),
                name="session_place_offer_expires",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["session", "state", "waiting_since"], name="session_place_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.session}"


class WorkshopChoice(models.Model):
    """One ranked wish: rank 1 is what the person wants most."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="choices")
    # ``Session.workshop_key``: a wish is for the workshop, not for one of its sittings.
    workshop = models.SlugField(_("workshop"), max_length=60)
    rank = models.PositiveSmallIntegerField(_("rank"))

    class Meta:
        verbose_name = _("workshop wish")
        verbose_name_plural = _("workshop wishes")
        ordering = ("rank",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("registration", "workshop", name="workshop_choice_once"),
            models.UniqueConstraint("registration", "rank", name="workshop_choice_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.workshop}"
