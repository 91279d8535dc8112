"""Doors of the workers into the cellar."""

from math import ceil

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from core.mail import claims, delivery, upkeep

_HELD_BACK = "core.tasks.deliver_waiting.held_back"


@shared_task
def deliver_waiting() -> None:
    """Deliver due mails for a while; when more may be due, queue up again behind other tasks."""
    seconds = delivery.deliver_due()
    if seconds == 0:
        deliver_waiting.delay()
    elif seconds is not None and cache.add(_HELD_BACK, True, timeout=seconds):
        # Limits hold mails back. One task for all workers looks again when the minute allows.
        deliver_waiting.apply_async(countdown=seconds)


@shared_task
def sweep_mails() -> None:
    """Find what was left: rows of dead workers, and due rows nobody was woken for."""
    upkeep.recover_claims()
    for _ in range(min(ceil(upkeep.count_due() / claims.BATCH), settings.MAIL_DELIVERIES)):
        deliver_waiting.delay()


@shared_task
def purge_mails() -> None:
    """Delete mails that are done with."""
    upkeep.purge()
