"""Times as Microsoft Graph writes them."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
