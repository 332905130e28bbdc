"""Names all the way down, for comparing an answer with a public sample: what it says is left out."""

from typing import Any

LINK = {"uri": "str", "method": "str", "headers": []}
SELF = {"self": LINK}
TYPED = {"objectType": "str"}


def shape(value: Any) -> Any:
    """Names all the way down; of a list its first item."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def collection(item: Any) -> dict[str, Any]:
    """One page, with nothing before or after it."""
    return {"totalCount": "int", "items": [item], "links": {"self": LINK}, "attributes": TYPED}


def strings(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "str")


def amounts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "float")
