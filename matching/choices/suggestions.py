"""For whom suggestions are made, of what kind they are, and how far a round has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.engine.profile import Confidentiality as EngineLevel
from matching.engine.results import ListKind as EngineList


class Audience(models.TextChoices):
    """For whose eyes a suggestion was computed: it knows only entries these may read."""

    CLUSTERS = "clusters", _("clusters")
    STAFF = "staff", _("staff")

    @property
    def level(self) -> EngineLevel:
        """The audience as the engine calls it."""
        return "staff" if self is Audience.STAFF else "clusters"


class ListKind(models.TextChoices):
    """Which of the two lists of a cluster a suggestion stands on."""

    NEW = "new", _("new partners")
    DEEPEN = "deepen", _("deepen")

    @property
    def key(self) -> EngineList:
        """The list as the engine calls it."""
        return "deepen" if self is ListKind.DEEPEN else "new"


class PartLevel(models.TextChoices):
    """A part of the score in a word, as pages and programs tell it."""

    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")
    NEUTRAL = "neutral", _("no data")


class RoundState(models.TextChoices):
    RUNNING = "running", _("running")
    COMPLETE = "complete", _("complete")
    FAILED = "failed", _("failed")
