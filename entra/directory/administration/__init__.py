"""Changes of the directory, one module a noun. Each verb is one act with one audit record, whoever calls it."""

from entra.directory.administration.audit import DirectoryAction
from entra.directory.administration.refusals import Refusal, Refused

__all__ = ["DirectoryAction", "Refusal", "Refused"]
