"""The roof: settings, routes, Celery and the pages that mix apps. Nobody imports it."""

# Tasks declared with @shared_task find their application only when it is loaded with Django.
from dialog.celery import app as celery_app

__all__ = ["celery_app"]
