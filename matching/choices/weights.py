"""How far the computation of an effect has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EffectState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    COMPLETE = "complete", _("complete")
    FAILED = "failed", _("failed")
