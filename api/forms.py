"""The portal's forms check what programs send as well: one rule, one place."""

from collections.abc import Mapping

from django import forms

from api.faults import Fault, bad_input


def refusal_of(form: forms.Form, names: Mapping[str, str]) -> Fault:
    """400 with every error of the form, each beside the name the field has on the wire."""
    lines, fields = [], []
    for field, errors in form.errors.items():
        name = names.get(field, "The body")
        fields.append(name)
        lines += [f"{name}: {error}" for error in errors]
    return bad_input(" ".join(lines), *fields)
