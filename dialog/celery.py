"""The Celery application. Apps declare tasks with ``@shared_task`` and never import this."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dialog.settings")
app = Celery("dialog")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
@beat_init.connect
def tell_ready(**kwargs: Any) -> None:
    """Create the file READY_FILE, for whoever started this worker or beat and waits for it."""
    if path := os.environ.get("READY_FILE"):
        Path(path).touch()
