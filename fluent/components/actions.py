"""Things to press: buttons, links that look like them, big choice rows, confirmation."""

from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.utils.safestring import SafeString

from fluent.components.library import component, register


@register.simple_tag
def button(
    label: Any,
    kind: str = "primary",
    icon: str = "",
    name: str = "",
    value: str = "",
    type: str = "submit",  # noqa: A002 -- HTML's own attribute name
    form: str = "",
    formaction: str = "",
    wide: bool = False,
    disabled: bool = False,
) -> SafeString:
    attributes = {"name": name, "form": form, "formaction": formaction}
    if name:
        attributes["value"] = value
    return component(
        "button", label=label, kind=kind, icon_name=icon, type=type, attributes=attributes, wide=wide, disabled=disabled
    )


@register.simple_tag
def link_button(
    label: Any, url: str, kind: str = "secondary", icon: str = "", wide: bool = False, external: bool = False
) -> SafeString:
    return component("link_button", label=label, url=url, kind=kind, icon_name=icon, wide=wide, external=external)


@register.simple_tag
def action_link(label: Any, url: str, icon: str = "arrow-right") -> SafeString:
    return component("action_link", label=label, url=url, icon_name=icon)


@register.simple_tag(takes_context=True)
def action_button(
    context: Context,
    label: Any,
    url: str,
    kind: str = "secondary",
    icon: str = "",
    name: str = "",
    value: str = "",
    next: str = "",  # noqa: A002 -- the field's name
) -> SafeString:
    """A form of one button, for acts that need no input; always a POST with the CSRF token."""
    return component(
        "action_button",
        label=label,
        url=url,
        kind=kind,
        icon_name=icon,
        name=name,
        value=value,
        next=next,
        csrf_token=context.get("csrf_token"),
    )


@register.simple_block_tag
def choice(content: str, title: Any, url: str, icon: str = "", note: str = "") -> SafeString:
    return component("choice", content=content, title=title, url=url, icon_name=icon, note=note)


@register.simple_tag
def choice_button(title: Any, name: str = "", value: str = "", icon: str = "", note: str = "") -> SafeString:
    return component("choice_button", title=title, name=name, value=value, icon_name=icon, note=note)


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    action: str,
    title: str = "",
    button: str = "",
    cancel_url: str = "",
    kind: str = "danger",
    fields: Mapping[str, Any] | None = None,
) -> SafeString:
    """The body of a page that asks before what cannot be undone."""
    return component(
        "confirm",
        content=content,
        action=action,
        title=title,
        button_label=button,
        cancel_url=cancel_url,
        kind=kind,
        fields=fields or {},
        csrf_token=context.get("csrf_token"),
    )
