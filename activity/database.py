"""How both services open their database."""

from typing import Any


def opened_well(database: dict[str, Any]) -> dict[str, Any]:
    """Return a DATABASES entry, as django-environ parsed it, with what both services need on top."""
    if database["ENGINE"].endswith("sqlite3"):
        # DEFERRED read-then-write fails at once under parallel writers; IMMEDIATE waits its turn.
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        database["ENGINE"] = "activity.postgresql"
        # The same statements come again and again; prepared ones are parsed and planned once a connection.
        # A connection that was cut without a word is told of by keep-alives only: nothing else is asked of an idle one.
        database["OPTIONS"] = {
            "server_side_binding": True,
            "prepare_threshold": 5,
            "keepalives_idle": 60,
            "keepalives_interval": 15,
            "keepalives_count": 3,
            **database.get("OPTIONS", {}),
        }
    # A new connection a request would cost more than the page's queries; on SQLite the last one closing even syncs
    # the write-ahead log.
    return {**database, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
