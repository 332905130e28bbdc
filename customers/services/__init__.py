"""Verbs. Each is atomic and ends in an audit record."""


class EditConflict(Exception):
    """Somebody else saved the same thing after it was opened for editing; nothing was written."""
