"""Proof that personal data of events went when they had to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class RetentionRecord(models.Model):
    """One event's personal data removed: when, and how many rows of each kind."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="retention_records")
    done_at = models.DateTimeField(_("removed"), auto_now_add=True)
    counts = models.JSONField(_("rows"), default=dict)

    class Meta:
        verbose_name = _("removal of personal data")
        verbose_name_plural = _("removals of personal data")
        ordering = ("-done_at",)

    def __str__(self) -> str:
        return f"{self.event}: {self.done_at:%Y-%m-%d}"
