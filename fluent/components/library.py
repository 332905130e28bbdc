"""The one tag library all component files register in."""

from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = Library()


def component(name: str, /, **values: Any) -> SafeString:
    """Renders templates/fluent/components/<name>.html with nothing but the values given."""
    return render_to_string(f"fluent/components/{name}.html", values)
