"""What managers say about a suggestion."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedbackKind(models.TextChoices):
    LATER = "later", _("later")
    UNSUITABLE = "unsuitable", _("not suitable")
    DATA_WRONG = "data_wrong", _("our data are wrong")


class FeedbackReason(models.TextChoices):
    KNOWN = "known", _("We know each other already")
    COMPETITOR = "competitor", _("Too close to what we do ourselves")
    TOPIC = "topic", _("The topic does not fit")
    REGION = "region", _("Too far away, or no link to our region")
    CAPACITY = "capacity", _("No time or no people for it")
    REASONS = "reasons", _("The reasons given are wrong")
    OTHER = "other", _("Something else")
