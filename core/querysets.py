"""The vocabulary of outgoing mail."""

from typing import Any, Self

from django.db import models
from django.utils import timezone

from core.choices import MailState


class OutgoingMailQuerySet(models.QuerySet[Any]):
    """Mails by what has become of them."""

    def due(self) -> Self:
        """Mails a worker may take now."""
        return self.filter(state=MailState.QUEUED, due_at__lte=timezone.now())

    def failed(self) -> Self:
        return self.filter(state=MailState.FAILED)

    def progress(self) -> dict[str, int]:
        """Count these mails by state, ``total`` included; states without mails count 0."""
        counts = dict(self.order_by().values_list("state").annotate(models.Count("pk")))
        known = {state.value: counts.get(state.value, 0) for state in MailState}
        return {**known, "total": sum(known.values())}
