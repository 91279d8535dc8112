"""Names of states around 1:1 meetings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """How far the meetings of an event have come."""

    COLLECTING = "collecting", _("collecting wishes")
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class Wish(models.TextChoices):
    """What a participant says about meeting another one; no mark says nothing."""

    WANT = "want", _("I want to meet")
    OPEN = "open", _("open to it")
    NO = "no", _("rather not")


class SolvingState(models.TextChoices):
    """How far a computation of a timetable has come."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")


class Keep(models.TextChoices):
    """What a computation leaves as it is."""

    LOCKED = "locked", _("only locked meetings")
    ALL = "all", _("all meetings that can still take place")


class Usefulness(models.IntegerChoices):
    """How useful a meeting was to one side."""

    NOT = 1, _("not useful")
    LITTLE = 2, _("a little useful")
    USEFUL = 3, _("useful")
    VERY = 4, _("very useful")
