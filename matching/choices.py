from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """For whose eyes a suggestion was computed: it knows only entries these may read."""

    CLUSTERS = "clusters", _("clusters")
    STAFF = "staff", _("staff")


class RoundState(models.TextChoices):
    RUNNING = "running", _("running")
    COMPLETE = "complete", _("complete")
    FAILED = "failed", _("failed")
