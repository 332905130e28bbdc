"""Liveness and readiness for load balancers, the same for both services (M16 at the portal)."""

from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from redis import RedisError

from activity.writer import stream


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else, so that a slow database does not get processes killed."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The stores answer and the schema is the one of this code. Says which is missing, without details."""
    missing = _missing()
    if missing:
        return HttpResponse(f"{missing}\n", status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def _missing() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations are not applied"
    except DatabaseError:
        return "the database does not answer"
    try:
        if settings.REDIS_URL:
            stream().ping()
    except RedisError:
        return "Redis does not answer"
    return ""
