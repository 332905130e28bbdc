"""Tables and what stands around them: sortable columns, paging, search."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.safestring import SafeString

from fluent.components.library import component, register


@register.simple_block_tag
def table(content: str, caption: Any, hide_caption: bool = True) -> SafeString:
    return component("table", content=content, caption=caption, hide_caption=hide_caption)


@register.simple_tag(takes_context=True)
def column(
    context: Context, label: Any, sort: str = "", current: str = "", align: str = "start", hidden: bool = False
) -> SafeString:
    """A column header; with `sort`, a link that keeps the query, drops the page and turns the direction."""
    query = _query(context)
    in_force = current or query.get("sort", "")
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(in_force, "") if sort else ""
    if sort:
        query["sort"] = f"-{sort}" if direction == "ascending" else sort
        for position in ("after", "before", "page", "cursor"):
            query.pop(position, None)
    return component(
        "column",
        label=label,
        url=f"?{query.urlencode()}" if sort else "",
        direction=direction,
        align=align,
        hidden=hidden,
    )


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if isinstance(request, HttpRequest) else QueryDict(mutable=True)


@register.simple_tag
def pagination(previous: str = "", next: str = "", shown: int | None = None, total: int | None = None) -> SafeString:  # noqa: A002 -- the parameter's name in templates
    return component("pagination", previous=previous, next=next, shown=shown, total=total)


@register.simple_tag
def search_box(name: str = "q", value: str = "", label: Any = "", placeholder: Any = "") -> SafeString:
    return component("search_box", name=name, value=value, label=label, placeholder=placeholder)
