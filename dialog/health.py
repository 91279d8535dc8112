"""Is the portal alive, and is all it needs there?"""

from celery import current_app
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as this process serves requests; looks at nothing else."""
    return HttpResponse("ok", content_type="text/plain")


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _broker() -> bool:
    try:
        with current_app.connection_for_read() as link:
            link.ensure_connection(max_retries=0, timeout=1)
    except (OperationalError, OSError):
        return False
    return True


def _worker() -> bool:
    try:
        return bool(current_app.control.ping(timeout=1.0, limit=1))
    except (OperationalError, OSError):
        return False


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say which of the parts answer; 503 while one of them does not.

    The answer is kept for two seconds, so that a prober cannot tie up the broker.
    """
    checks = cache.get("readyz")
    if checks is None:
        database, broker = _database(), _broker()
        checks = {
            "database": database,
            "migrations": database and _migrations(),
            "broker": broker,
            "worker": broker and _worker(),
        }
        if all(checks.values()):
            cache.set("readyz", checks, 2)
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)
