"""How a call looks on a command line."""

import re

from django.conf import settings

from api.registry import Operation


def curl(row: Operation) -> str:
    """A curl command with the token in $TOKEN and made-up path parts in capitals."""
    path = re.sub(r"{(\w+)}", lambda part: part[1].upper(), row.path)
    lines = ["curl --fail-with-body", f"--request {row.method}"] if row.method != "GET" else ["curl --fail-with-body"]
    lines.append('--header "Authorization: Bearer $TOKEN"')
    if row.if_match:
        lines.append("--header 'If-Match: \"ETAG\"'")
    if row.takes is not None:
        lines += ["--header 'Content-Type: application/json'", "--data @body.json"]
    return " \\\n  ".join([*lines, f"{settings.PORTAL_URL}{path}"])
