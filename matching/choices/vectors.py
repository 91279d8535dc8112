"""Which texts have vectors."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

DIMENSIONS: Final = 512
"""Figures in a vector; a column of the database, so another length is a migration."""


class TextKind(models.TextChoices):
    """What a vector belongs to; the values are the columns of ``TextVector``."""

    NEED = "need", _("need")
    OFFER = "offer", _("offer")
    PROFILE = "cluster", _("profile")
    TOPIC = "topic", _("topic")
