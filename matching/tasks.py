"""Background work of the matching app."""

from typing import Any, Final

from celery import Task, shared_task
from django.core.cache import cache

from matching import services

SOON: Final = 3
"""Seconds in which further changes join the computation already asked for."""
BUSY: Final = 5
"""Seconds until a task that found another one at work asks again."""
_ASKED: Final = "matching:round-asked-for"
# So that a task lost with its broker does not keep later changes waiting for ever.
_ASKED_SECONDS: Final = 60


@shared_task(bind=True, max_retries=None)
def compute_suggestions(self: "Task[Any, Any]") -> None:
    """Compute a round from the data as they are now, if they have changed."""
    # Forgotten before the data are read: whoever changes them from here on asks anew.
    cache.delete(_ASKED)
    try:
        services.compute_round()
    except services.RoundBusyError as busy:
        raise self.retry(countdown=BUSY, exc=busy) from busy


def compute_suggestions_soon() -> None:
    """Ask for a round in a few seconds; many changes until then lead to one round."""
    if cache.add(_ASKED, True, timeout=_ASKED_SECONDS):
        compute_suggestions.apply_async(countdown=SOON)
