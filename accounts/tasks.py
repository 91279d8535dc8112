"""Background work of the accounts app."""

from celery import shared_task

from accounts import services


@shared_task
def purge_idempotent_answers() -> None:
    """Forget the answers to repeated API requests after a day."""
    services.purge_idempotent_answers()
