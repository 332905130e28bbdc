"""Forms: the form element, one field, all fields, the error summary."""

from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.template import Context
from django.utils.safestring import SafeString

from fluent.components.library import component, register


@register.simple_block_tag(takes_context=True)
def form(
    context: Context,
    content: str,
    action: str = "",
    method: str = "post",
    layout: str = "stack",
    id: str = "",  # noqa: A002 -- HTML's own attribute name
    multipart: bool = False,
) -> SafeString:
    token = context.get("csrf_token") if method == "post" else ""
    return component(
        "form",
        content=content,
        action=action,
        method=method,
        layout=layout,
        id=id,
        multipart=multipart,
        csrf_token=token,
    )


@register.simple_tag
def field(
    bound: BoundField,
    label: Any = "",
    help: Any = "",  # noqa: A002 -- the parameter's name in templates
    placeholder: Any = "",
    autocomplete: str = "",
) -> SafeString:
    """One field with its label; help and errors are named by the input's aria-describedby (WCAG 3.3.1)."""
    help_text = help or bound.help_text
    described_by = " ".join(
        f"{bound.auto_id}_{suffix}" for suffix, present in (("helptext", help_text), ("error", bound.errors)) if present
    )
    shape = _shape(bound)
    attributes = {"placeholder": placeholder, "autocomplete": autocomplete}
    if shape != "group":  # a group's notes belong to its fieldset
        attributes["aria-describedby"] = described_by
    widget = bound.as_widget(attrs={name: value for name, value in attributes.items() if value})
    return component(
        "field",
        field=bound,
        widget=widget,
        shape=shape,
        described_by=described_by,
        label=label or bound.label,
        help=help_text,
        required=bound.field.required,
        alone=_is_alone(bound.form),
    )


def _is_alone(form: BaseForm) -> bool:
    """A form of one field says what is wrong there and needs no summary."""
    return len(form.visible_fields()) == 1


def _shape(bound: BoundField) -> str:
    match bound.field.widget:
        case RadioSelect() | CheckboxSelectMultiple():
            return "group"
        case CheckboxInput():
            return "check"
        case FileInput():
            return "file"
        case _:
            return "line"


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    hidden = [bound.as_hidden() for bound in form.hidden_fields()]
    return component("fields", hidden=hidden, visible=form.visible_fields())


@register.simple_tag
def form_errors(form: BaseForm | None) -> SafeString | str:
    """The error summary above a form: each entry links to its field. A form of one field does without."""
    if form is None or not form.errors:
        return ""
    linked = [
        (f"#{bound.id_for_label or bound.auto_id}", bound.label, error)
        for bound in form.visible_fields()
        for error in bound.errors
    ]
    general = [*form.non_field_errors(), *(error for bound in form.hidden_fields() for error in bound.errors)]
    if _is_alone(form) and not general:
        return ""
    return component("form_errors", linked=linked, general=general)
