"""The components' Python side, by noun; `fluent.templatetags.fluent` gathers them."""
