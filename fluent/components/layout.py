"""Boxes and the order of a page: cards, grids, headings, steps, tabs, breadcrumbs, definition lists."""

from collections.abc import Iterable
from typing import Any

from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fluent.components.library import component, register


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """The text of the page's `title` block once more: layouts put it in the tab and in the heading."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block("title")
    return str(block.render(context))


@register.simple_block_tag
def heading(content: str, title: Any, subtitle: Any = "") -> SafeString:
    buttons = mark_safe(content.strip())  # noqa: S308 -- rendered by the template engine, escaped already
    return component("heading", content=buttons, title=title, subtitle=subtitle)


@register.simple_block_tag
def card(content: str, title: Any = "", icon: str = "", href: str = "", level: int = 2) -> SafeString:
    return component("card", content=content, title=title, icon_name=icon, href=href, level=level)


@register.simple_block_tag
def section(content: str, title: Any, level: int = 2) -> SafeString:
    return component("section", content=content, title=title, level=level)


@register.simple_block_tag
def grid(content: str) -> SafeString:
    return format_html('<div class="grid">{}</div>', content)


@register.simple_block_tag
def split(content: str) -> SafeString:
    return format_html('<div class="split">{}</div>', content)


@register.simple_block_tag
def actions(content: str) -> SafeString:
    return format_html('<div class="actions">{}</div>', content)


@register.simple_tag
def metric(value: Any, label: Any, href: str = "", note: Any = "") -> SafeString:
    return component("metric", value=value, label=label, href=href, note=note)


@register.simple_block_tag
def empty_state(content: str, title: Any, icon: str = "search") -> SafeString:
    return component("empty_state", content=content, title=title, icon_name=icon)


@register.simple_block_tag
def kv(content: str) -> SafeString:
    return format_html('<dl class="kv">{}</dl>', content)


@register.simple_block_tag
def entry(content: str, label: Any) -> SafeString:
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.simple_block_tag
def disclosure(content: str, summary: Any, open: bool = False) -> SafeString:  # noqa: A002 -- HTML's own name
    return component("disclosure", content=content, summary=summary, open=open)


@register.simple_tag
def breadcrumbs(*parts: Any) -> SafeString:
    """Label and URL in turn; a label without a URL at the end is the current page."""
    labels, urls = parts[0::2], parts[1::2]
    pairs = [(label, urls[i] if i < len(urls) else "") for i, label in enumerate(labels)]
    return component("breadcrumbs", pairs=pairs)


@register.simple_tag
def tabs(entries: Iterable[Any], label: Any) -> SafeString:
    return component("tabs", entries=entries, label=label)


@register.simple_tag
def steps(current: int, *labels: Any) -> SafeString:
    states = [
        (number, label, "done" if number < current else "current" if number == current else "ahead")
        for number, label in enumerate(labels, start=1)
    ]
    return component("steps", states=states)
