"""Calls for which a team is looked for, and how far its computation has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdeaLevel(models.TextChoices):
    """Who reads a call with its idea; staff of the office always do, other clusters never."""

    MANAGERS = "managers", _("managers of our cluster and NRW.innovativ staff only")
    MEMBERS = "members", _("all members of our cluster and NRW.innovativ staff")


class MarkKind(models.TextChoices):
    """What the people behind a call have decided about an organisation."""

    PINNED = "pinned", _("is in every team")
    EXCLUDED = "excluded", _("is in no team")


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    COMPLETE = "complete", _("complete")
    FAILED = "failed", _("failed")
