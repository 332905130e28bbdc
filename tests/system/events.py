"""Changes at the provider that the portal is told of: when they were made, and their way blocked."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from scripts.running import Running, free_ports

LIMIT = 5.0
"""Seconds within which a change is obeyed (M22)."""
_PORTAL_CLIENT = "10000000-0000-4000-8000-000000000001"


def changed_at(site: Running) -> float:
    """When the provider stored its newest change, by its own audit log."""
    with closing(sqlite3.connect(site.site.var_dir / "entra.sqlite3")) as database:
        (moment,) = database.execute("SELECT at FROM activity_auditrecord ORDER BY id DESC LIMIT 1").fetchone()
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def cut_off_push(site: Running) -> None:
    """Events are pushed to an address where nobody listens."""
    secret = (site.site.var_dir / "secrets" / "event-stream-secret").read_text()
    nowhere = f"http://127.0.0.1:{free_ports(1)[0]}/oidc/security-events"
    env = {**site.env, "EVENT_STREAM_SECRET": secret}
    site.site.manage("entra.settings", "add_event_stream", _PORTAL_CLIENT, "--push-to", nowhere, env=env)
