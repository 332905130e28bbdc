"""How the operation log is counted, in SQL: the same words for the triggers, for counting anew and for comparing.

A day is the UTC day of `at`. Of two last operations at the same moment the greater name is kept, by code points, so
that the order in which they are stored decides nothing.
"""

USE_KEY = "tenant_id, day, channel, application_id, user_id"
USE = f"{USE_KEY}, user_name, operations, with_mfa, last_at, last_without_mfa_at"
TOTAL_KEY = "tenant_id, day, channel"
TOTAL = f"{TOTAL_KEY}, operations, with_mfa"
RAW = {
    "activity_operationrecord": ("'portal'", "''"),
    "activity_apirequest": ("CASE WHEN {0}user_id = '' THEN 'app-only' ELSE 'app+user' END", "{0}application_id"),
}
"""The raw tables, in the order in which everybody locks them; what `channel` and `application_id` of a row are."""
_DAY = {"postgresql": "(at AT TIME ZONE 'UTC')::date", "sqlite": "substr({0}at, 1, 10)"}  # SQLite keeps UTC as text
_BY_CODE_POINT = {"postgresql": 'COLLATE "C"', "sqlite": "COLLATE BINARY"}


def uses(facts: str, vendor: str) -> str:
    """A SELECT of the `DailyUse` rows, as in `USE`, that these facts come to."""
    latest_first = f"at DESC, user_name {_BY_CODE_POINT[vendor]} DESC"
    return (
        f"SELECT {USE_KEY}, max(user_name) FILTER (WHERE place = 1) AS user_name, count(*) AS operations,"
        " count(*) FILTER (WHERE mfa) AS with_mfa, max(at) AS last_at,"
        " max(at) FILTER (WHERE NOT mfa) AS last_without_mfa_at"
        f" FROM (SELECT facts.*, row_number() OVER (PARTITION BY {USE_KEY} ORDER BY {latest_first}) AS place"
        f" FROM ({facts}) AS facts) AS placed GROUP BY {USE_KEY}"
    )


def totals(facts: str) -> str:
    """A SELECT of the `DailyTotal` rows, as in `TOTAL`, that these facts come to."""
    return (
        f"SELECT {TOTAL_KEY}, count(*) AS operations, count(*) FILTER (WHERE mfa) AS with_mfa"
        f" FROM ({facts}) AS facts GROUP BY {TOTAL_KEY}"
    )


def facts(vendor: str, *, since: str = "") -> str:
    """What is counted of each row of the whole log, or of the rows since `since`, a placeholder."""
    where = f" WHERE at >= {since}" if since else ""
    return " UNION ALL ".join(_facts(vendor, table, table) + where for table in RAW)


def triggers(vendor: str) -> list[str]:
    """The statements that make a database count each row in the transaction that inserts it."""
    make = {"postgresql": _after_statements, "sqlite": _after_rows}[vendor]
    return [statement for table in RAW for statement in make(table)]


def _facts(vendor: str, table: str, rows: str) -> str:
    channel, application = (part.format("") for part in RAW[table])
    return (
        f"SELECT tenant_id, {_DAY[vendor].format('')} AS day, {channel} AS channel, {application} AS application_id,"
        f" user_id, user_name, mfa, at FROM {rows}"
    )


def _after_statements(table: str) -> list[str]:
    """Once a statement, over the rows that it did insert. Sorted by key, and uses before totals: all writers meet the
    rows they have in common in one order and never wait for each other in a ring."""
    new = _facts("postgresql", table, "new_rows")
    return [
        f"CREATE FUNCTION count_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" INSERT INTO activity_dailyuse ({USE}) {uses(new, 'postgresql')} ORDER BY {USE_KEY} {_ADD_USE};"
        f" INSERT INTO activity_dailytotal ({TOTAL}) {totals(new)} ORDER BY {TOTAL_KEY} {_ADD_TOTAL};"
        " RETURN NULL; END $$",
        f"CREATE TRIGGER {table}_is_counted AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows"
        f" FOR EACH STATEMENT EXECUTE FUNCTION count_{table}()",
    ]


def _after_rows(table: str) -> list[str]:
    """Once a row; fired for rows that were inserted, not for those that were there already.

    An upsert would take half as long again: it numbers a row that is then not inserted, and stores the number.
    """
    channel, application = (part.format("NEW.") for part in RAW[table])
    key = {"tenant_id": "NEW.tenant_id", "day": _DAY["sqlite"].format("NEW."), "channel": channel}
    use_key = {**key, "application_id": application, "user_id": "NEW.user_id"}
    use = {
        **use_key,
        "user_name": "NEW.user_name",
        "operations": "1",
        "with_mfa": "NEW.mfa",
        "last_at": "NEW.at",
        "last_without_mfa_at": "CASE WHEN NOT NEW.mfa THEN NEW.at END",
    }
    total = {**key, "operations": "1", "with_mfa": "NEW.mfa"}
    return [
        f"CREATE TRIGGER {table}_is_counted AFTER INSERT ON {table} BEGIN"
        f" UPDATE activity_dailyuse SET {_USE_AND_ROW} WHERE {_all_equal(use_key)};"
        f" INSERT INTO activity_dailyuse ({', '.join(use)}) SELECT {', '.join(use.values())} WHERE changes() = 0;"
        f" UPDATE activity_dailytotal SET {_TOTAL_AND_ROW} WHERE {_all_equal(key)};"
        f" INSERT INTO activity_dailytotal ({', '.join(total)}) SELECT {', '.join(total.values())} WHERE changes() = 0;"
        " END"
    ]


def _all_equal(values: dict[str, str]) -> str:
    return " AND ".join(f"{name} = {value}" for name, value in values.items())


_TOTAL_AND_ROW = "operations = operations + 1, with_mfa = with_mfa + NEW.mfa"
_USE_AND_ROW = (
    f"{_TOTAL_AND_ROW}, last_at = max(last_at, NEW.at),"
    " user_name = CASE WHEN (NEW.at, NEW.user_name) > (last_at, user_name) THEN NEW.user_name ELSE user_name END,"
    " last_without_mfa_at = CASE WHEN NEW.mfa THEN last_without_mfa_at"
    " ELSE max(coalesce(last_without_mfa_at, NEW.at), NEW.at) END"
)
_ADD_USE = (
    f"ON CONFLICT ({USE_KEY}) DO UPDATE SET operations = activity_dailyuse.operations + excluded.operations,"
    " with_mfa = activity_dailyuse.with_mfa + excluded.with_mfa,"
    " last_at = greatest(activity_dailyuse.last_at, excluded.last_at),"
    " last_without_mfa_at = greatest(activity_dailyuse.last_without_mfa_at, excluded.last_without_mfa_at),"
    ' user_name = CASE WHEN (excluded.last_at, excluded.user_name COLLATE "C")'
    ' > (activity_dailyuse.last_at, activity_dailyuse.user_name COLLATE "C")'
    " THEN excluded.user_name ELSE activity_dailyuse.user_name END"
)
_ADD_TOTAL = (
    f"ON CONFLICT ({TOTAL_KEY}) DO UPDATE SET operations = activity_dailytotal.operations + excluded.operations,"
    " with_mfa = activity_dailytotal.with_mfa + excluded.with_mfa"
)
