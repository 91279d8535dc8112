"""Marks of the day itself."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.registration import Registration


class CheckInMark(models.Model):
    """One tap on "is here" or "is not here", made on a device that may have been offline.

    The device gives the id, so a mark that is sent twice is stored once. The latest mark by
    ``marked_at`` decides.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="check_in_marks"
    )
    is_present = models.BooleanField(_("is there"), default=True)
    # When the device's clock said it happened, and when it reached us.
    marked_at = models.DateTimeField(_("marked"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("check-in mark")
        verbose_name_plural = _("check-in marks")
        ordering = ("marked_at",)

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.is_present}"
