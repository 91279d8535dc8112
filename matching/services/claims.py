"""Answers that are computed in the background: which are free to take, and taking one."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from matching.choices import EffectState

LOST_AFTER: Final = timedelta(minutes=10)
"""A computation that takes longer has lost its worker."""
_TASK_LOST_AFTER: Final = timedelta(minutes=1)


def lost_rows(model: Any) -> list[int]:
    """Return the ids of rows whose task was lost with its broker or its worker."""
    now = timezone.now()
    lost = Q(state=EffectState.WAITING, asked_at__lt=now - _TASK_LOST_AFTER) | _abandoned(now)
    return list(model.objects.filter(lost).values_list("pk", flat=True))


@transaction.atomic
def claim_row(model: Any, pk: int, **fresh: Any) -> Any:
    """Take a row that waits, or one whose worker is dead; None when another has it.

    ``fresh`` are values the computation begins with.
    """
    now = timezone.now()
    free = Q(state=EffectState.WAITING) | _abandoned(now)
    claimed = model.objects.select_for_update(skip_locked=True).filter(free, pk=pk).first()
    if claimed is not None:
        values = {"state": EffectState.RUNNING, "started_at": now, **fresh}
        for name, value in values.items():
            setattr(claimed, name, value)
        claimed.save(update_fields=list(values))
    return claimed


def _abandoned(now: datetime) -> Q:
    return Q(state=EffectState.RUNNING, started_at__lt=now - LOST_AFTER)
