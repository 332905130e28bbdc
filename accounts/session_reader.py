"""The query of the gate: session, user and tenant in one, compiled once a connection instead of once a request.

The statement never changes, and compiling it costs the ORM several times as much as the database needs to answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import PartnerTenant, PortalSession, User

_MODELS: tuple[type[models.Model], ...] = (PortalSession, User, PartnerTenant)


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    convert: Callable[[Sequence[Any]], list[Any]]


_plans: WeakKeyDictionary[BaseDatabaseWrapper, _Plan] = WeakKeyDictionary()


def read_session(key_hash: str) -> PortalSession | None:
    """Return the session with `user` and `user.tenant` filled in, living or not, or None."""
    connection = connections["default"]
    plan = _plans.get(connection) or _plans.setdefault(connection, _compile(connection))
    with connection.cursor() as cursor:
        cursor.execute(plan.sql, [key_hash])
        row = cursor.fetchone()
    return _assemble(connection.alias, plan.convert(row)) if row else None


def _compile(connection: BaseDatabaseWrapper) -> _Plan:
    queryset = PortalSession.objects.select_related("user__tenant").filter(key_hash="")
    compiler = queryset.query.get_compiler(connection=connection)
    sql, _parameters = compiler.as_sql()
    converters = compiler.get_converters([column[0] for column in compiler.select or []])

    def convert(row: Sequence[Any]) -> list[Any]:
        return list(next(iter(compiler.apply_converters([row], converters))))

    return _Plan(sql, convert)


def _assemble(alias: str, values: list[Any]) -> PortalSession:
    parts = []
    for model in _MODELS:
        names = [field.attname for field in model._meta.concrete_fields]
        parts.append(model.from_db(alias, names, values[: len(names)]))
        values = values[len(names) :]
    session, user, tenant = parts
    assert isinstance(session, PortalSession)  # noqa: S101 - for the type checker
    assert isinstance(user, User)  # noqa: S101
    assert isinstance(tenant, PartnerTenant)  # noqa: S101
    user.tenant, session.user = tenant, user
    return session
