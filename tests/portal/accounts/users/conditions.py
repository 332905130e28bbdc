"""The few shapes of `$filter` that the portal writes, for the tests' directory."""

import re
from typing import Any


def meets(condition: str, row: dict[str, Any]) -> bool:
    """Whether a row meets conditions joined by `and`."""
    for clause in condition.split(" and ") if condition else []:
        if clause.startswith("("):
            pairs = re.findall(r"startswith\((\w+),'(.*?)'\)", clause)
            met = any(str(row.get(name, "")).lower().startswith(text.lower()) for name, text in pairs)
        elif " in (" in clause:
            name, listed = clause.split(" in ")
            met = str(row[name]) in re.findall(r"'([^']*)'", listed)
        else:
            name, operator, value = clause.split(" ", 2)
            met = _compares(row, name, operator, value.strip("'"))
        if not met:
            return False
    return True


def _compares(row: dict[str, Any], name: str, operator: str, value: str) -> bool:
    held: Any = row
    for part in name.split("/"):
        held = (held or {}).get(part)
    if value == "null":
        return held is None
    if operator in {"le", "gt"}:
        return held is not None and (held <= value if operator == "le" else held > value)
    return str(held).lower() == value.lower()
