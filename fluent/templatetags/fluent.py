"""The component tags, a template builtin; parameters are listed in fluent/README.md."""

from fluent.components import actions, charts, forms, layout, lists, text
from fluent.components.library import register

__all__ = ["actions", "charts", "forms", "layout", "lists", "register", "text"]
