from django.db import models
from django.utils.translation import gettext_lazy as _


class TopicStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    OPEN = "open", _("open for endorsement")
    FOCUS = "focus", _("focus topic")
    IN_WORK = "in_work", _("in work")
    DONE = "done", _("done")
    MERGED = "merged", _("merged")
    DECLINED = "declined", _("declined")


class Potential(models.IntegerChoices):
    NONE = 0, _("none")
    LOW = 1, _("low")
    MEDIUM = 2, _("medium")
    HIGH = 3, _("high")


class ActionState(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")


class Decision(models.TextChoices):
    """What staff says about a proposal."""

    ACCEPT = "accept", _("Accept: the topic opens for endorsement")
    RETURN = "return", _("Ask for changes: the proposal goes back")
    DECLINE = "decline", _("Decline")
