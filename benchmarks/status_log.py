"""An operation log of any size, in SQL: 90 days, half of it in the portal and half through the API.

One tenant has a tenth of it, with 2,000 people of whom each uses two of 25 applications; 199 tenants with 50 people
each share the rest. One person in twenty leaves MFA out now and then; one API call in seven is an application's own.
Keys ascend, where real ones are random, so that filling takes minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from activity import counting, partitions, rollups

LARGE, SMALL = 1, 2
DAYS = 90
_NUMBERS = {
    "postgresql": "SELECT generate_series(1, {count}) AS i",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n",
}
_KEY = {"postgresql": "lpad(to_hex({0}), 32, '0')::uuid", "sqlite": "printf('%032x', {0})"}
_TEXT = {"postgresql": "lpad(({0})::text, 12, '0')", "sqlite": "printf('%012d', {0})"}
_AT = {
    "postgresql": "timestamptz '{midnight}+00' + i * interval '{step} seconds'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '{midnight}', (i * {step}) || ' seconds')",
}
_MEMORY = {
    "postgresql": ("SET work_mem = '1GB'", "SET synchronous_commit = off"),
    "sqlite": ("PRAGMA cache_size = -1000000", "PRAGMA synchronous = OFF"),
}
"""For what no request does: to fill, to count anew and to compare."""
_WHO = """
    SELECT {first} + i AS serial, i, i / 10 + {day} * 577 AS turn, i % 10 = 0 AS is_large,
           CASE WHEN i % 10 = 0 THEN (i / 10 + {day} * 577) % 2000 ELSE (i / 1990) % 50 END AS person,
           CASE WHEN i % 10 = 0 THEN {large} ELSE 2 + (i / 10) % 199 END AS tenant
    FROM ({numbers}) AS numbers"""
_COMMON = "id, at, tenant_id, user_id, user_name, mfa, path"
_VALUES = """{key}, {at}, {tenant}, {user}, {name}, person % 20 <> 0 OR turn % 3 <> 0, '/v1/customers/' || serial"""
_MORE = {
    "activity_operationrecord": ("area", "'customers'", "1 = 0"),
    "activity_apirequest": (
        "application_id, operation, ip, status, code, request_id, correlation_id, claims",
        "'20000000-0000-4000-8000-' || {application}, 'GET /v1/customers/{{id}}', '192.0.2.1', 200, '',"
        " 'request-' || {serial}, 'correlation-' || {serial}, '{{\"amr\": [\"pwd\", \"mfa\"]}}'",
        "turn % 7 = 0",
    ),
}


def fill(rows: int, *, now: datetime) -> None:
    """As many rows, about, of the last 90 days until now, then their roll-ups, counted once."""
    count = rows // DAYS // len(counting.RAW)
    spend()
    days = [now.date() - timedelta(days=number) for number in range(DAYS)]
    if connection.vendor == "postgresql":
        for table in counting.RAW:
            for day in days:
                partitions.create(table, day)
    with uncounted():
        for table in counting.RAW:
            for number, day in enumerate(days):
                _fill_day(table, day, number, count, now)
    rollups.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def spend() -> None:
    """Let this connection have memory."""
    with connection.cursor() as cursor:
        for statement in _MEMORY[connection.vendor]:
            cursor.execute(statement)


def _fill_day(table: str, day: date, number: int, count: int, now: datetime) -> None:
    vendor, midnight = connection.vendor, partitions.start_of(day)
    columns, values, is_application = _MORE[table]
    text = _TEXT[vendor]
    prefix = "c1000000-0000-4000-8000-" if vendor == "postgresql" else "c1000000000040008000"
    tenant = f"'{prefix}' || {text.format('tenant')}"
    seconds = min(86400.0, (now - midnight).total_seconds()) / (count + 1)
    shared = _VALUES.format(
        key=_KEY[vendor].format("serial"),
        at=_AT[vendor].format(midnight=f"{midnight:%Y-%m-%d %H:%M:%S}", step=f"{seconds:.6f}"),
        tenant=f"({tenant})::uuid" if vendor == "postgresql" else tenant,
        user=f"CASE WHEN {is_application} THEN '' ELSE '00000000-0000-4000-8000-' || {text.format('person')} END",
        name=f"CASE WHEN {is_application} THEN '' ELSE 'person' || person || '@partner.example' END",
    )
    own = values.format(application=text.format("(person + turn / 2000 % 2) % 25"), serial=text.format("serial"))
    numbers = _NUMBERS[vendor].format(count=count)
    who = _WHO.format(first=number * count, day=number, large=LARGE, numbers=numbers)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({_COMMON}, {columns}) SELECT {shared}, {own} FROM ({who}) AS who")


@contextmanager
def uncounted() -> Iterator[None]:
    """The log without the triggers that keep its roll-ups."""
    with connection.cursor() as cursor:
        for table in counting.RAW:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION count_{table} CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER {table}_is_counted")
        yield
        for statement in counting.triggers(connection.vendor):
            cursor.execute(statement)


def scan(tenant_id: UUID, now: datetime) -> tuple[str, list[object]]:
    """What the share of the API would be without roll-ups."""
    since = connection.ops.adapt_datetimefield_value(partitions.start_of(rollups.window(now)[0]))
    tenant = tenant_id if connection.vendor == "postgresql" else tenant_id.hex
    sql = "SELECT count(*), count(*) FILTER (WHERE mfa) FROM activity_apirequest WHERE tenant_id = %s AND at >= %s"
    return f"{sql} AND user_id <> ''", [tenant, since]
