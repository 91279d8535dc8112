"""The roof: settings, routes, Celery and the pages that mix apps. Nobody imports it."""
