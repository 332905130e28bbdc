"""Verbs. Each is atomic and ends in an audit record."""


class AlreadyDone(Exception):
    """The request is closed (or open) already, most likely by somebody else just now; nothing was written."""
