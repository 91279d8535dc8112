"""How far an introduction has come, and what came of it."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class IntroductionState(models.TextChoices):
    """What both sides may know. That somebody declined is no state: it looks like silence."""

    ASKED = "asked", _("waits for an answer")
    AGREED = "agreed", _("both agreed")
    MET = "met", _("talk held")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("request withdrawn")
    ENDED = "ended", _("no talk came about")


OPEN_STATES: Final = (
    IntroductionState.ASKED,
    IntroductionState.AGREED,
    IntroductionState.MET,
)
"""One pair has at most one introduction in these states."""


class IntroductionOrigin(models.TextChoices):
    CLUSTER = "cluster", _("a cluster asks")
    STAFF = "staff", _("NRW.innovativ proposes")


class SideAnswer(models.TextChoices):
    """A side's own answer: for its own people and for staff only."""

    NONE = "", _("not answered yet")
    AGREED = "agreed", _("agreed")
    DECLINED = "declined", _("declined")


class OutcomeKind(models.TextChoices):
    """What came of it, from least to most."""

    NOTHING = "nothing", _("nothing")
    TALK = "talk", _("talk held")
    COOPERATION = "cooperation", _("cooperation")
    PROJECT = "project", _("joint project")
    FUNDING = "funding", _("funding won together")
    AGREEMENT = "agreement", _("signed agreement")


OUTCOME_ORDER: Final = tuple(OutcomeKind.values)
TOGETHER: Final = (
    OutcomeKind.COOPERATION,
    OutcomeKind.PROJECT,
    OutcomeKind.FUNDING,
    OutcomeKind.AGREEMENT,
)
"""Outcomes that count as cooperation."""
