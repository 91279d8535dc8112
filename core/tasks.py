"""Doors of the workers into the cellar."""

from math import ceil

from celery import shared_task
from django.conf import settings

from core.mail import delivery, upkeep


@shared_task
def deliver_waiting() -> None:
    """Deliver due mails for a while; when more may be due, queue up again behind other tasks."""
    if delivery.deliver_due():
        deliver_waiting.delay()


@shared_task
def sweep_mails() -> None:
    """Find what was left: rows of dead workers, and due rows nobody was woken for."""
    upkeep.recover_claims()
    for _ in range(min(ceil(upkeep.count_due() / delivery.BATCH), settings.MAIL_DELIVERIES)):
        deliver_waiting.delay()


@shared_task
def purge_mails() -> None:
    """Delete mails that are done with."""
    upkeep.purge()
