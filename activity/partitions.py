"""The raw tables of the operation log on PostgreSQL: a partition a day (UTC), and one for rows of all other days.

Without a partition of its day a row goes to the default one, so no insert fails for want of one.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

_PATIENCE = "SET LOCAL lock_timeout = '1s'"
"""How long somebody may keep us waiting while writers wait behind us; what was not done is tried again later."""


def division(table: str) -> list[str]:
    """The statements that make an empty table a partitioned one. Its primary key has to include `at`."""
    return [
        f"ALTER TABLE {table} RENAME TO {table}_whole",
        f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING CONSTRAINTS) PARTITION BY RANGE (at)",
        f"DROP TABLE {table}_whole",
        f"ALTER TABLE {table} ADD PRIMARY KEY (id, at)",
        f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT",
    ]


def days(table: str) -> set[date]:
    """The days that have a partition."""
    sql = "SELECT right(inhrelid::regclass::text, 8) FROM pg_inherits WHERE inhparent = %s::regclass"
    with connection.cursor() as cursor:
        cursor.execute(sql, [table])
        return {datetime.strptime(end, "%Y%m%d").date() for (end,) in cursor if end.isdecimal()}  # noqa: DTZ007


def create(table: str, day: date) -> int:
    """Give the day its partition; its rows are moved there from the default one. Returns whether there was none: 0, 1.

    Raises OperationalError when somebody holds the table for longer than a second. Writers wait meanwhile: one that
    had chosen the default partition would find it closed to its row. Who vacuums another day's partition is not waited
    for.
    """
    name = _name(table, day)
    first, end = (f"'{start_of(one).isoformat()}'" for one in (day, day + timedelta(days=1)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PATIENCE)
        cursor.execute(f"LOCK TABLE ONLY {table} IN EXCLUSIVE MODE")
        if day in days(table):
            return 0
        cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING CONSTRAINTS)")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {table}_default WHERE at >= {first} AND at < {end} RETURNING *)"
            f" INSERT INTO {name} SELECT * FROM moved"
        )
        cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({end})")
    return 1


def drop(table: str, day: date) -> int:
    """Drop the day's partition with its rows. Raises as `create` does. Returns 1."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PATIENCE)
        cursor.execute(f"DROP TABLE IF EXISTS {_name(table, day)}")
    return 1


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _name(table: str, day: date) -> str:
    return f"{table}_{day:%Y%m%d}"
