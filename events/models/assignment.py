"""What the portal proposes for the parallel workshops, and what staff makes of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Timestamped
from events.choices import AssignmentState
from events.models.event import Event, Session
from events.models.registration import Registration


class Assignment(Timestamped):
    """One distribution of all participants over the workshops of all runs.

    Publishing writes it into ``SessionPlace``; an earlier one is kept as replaced.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(
        _("state"), max_length=10, choices=AssignmentState, default=AssignmentState.DRAFT
    )
    # Sum of squared ranks, as the solver minimised it; moves by hand change it.
    cost = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("assignment of workshops")
        verbose_name_plural = _("assignments of workshops")
        ordering = ("-created_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "event",
                name="assignment_one_draft",
                condition=models.Q(state=AssignmentState.DRAFT),
            ),
            models.UniqueConstraint(
                "event",
                name="assignment_one_published",
                condition=models.Q(state=AssignmentState.PUBLISHED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_state_display()}"


class AssignedPlace(models.Model):
    """One person in one session of an assignment, and why."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="places")
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="assigned_places"
    )
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="assigned_places")
    # Empty: the person had not wished for this workshop.
    rank = models.PositiveSmallIntegerField(_("rank of the wish"), null=True, blank=True)
    # Moved by staff: the next calculation leaves it where it is.
    is_fixed = models.BooleanField(_("fixed by hand"), default=False)

    class Meta:
        verbose_name = _("assigned place")
        verbose_name_plural = _("assigned places")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "assignment", "registration", "session", name="assigned_place_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.session}"
